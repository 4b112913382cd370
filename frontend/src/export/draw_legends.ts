import type {LegendRow} from './legends';
import type {Context, Look} from './words';
import {wrap} from './wrap';

const WIDTH = 256;
const HEIGHT = 72;
const GAP = 16;
const RAMP = {left: 8, width: WIDTH - 24, height: 8};

const perRow = (width: number): number => Math.max(1, Math.floor((width + GAP) / (WIDTH + GAP)));

export const legendsHeight = (count: number, width: number): number => Math.ceil(count / perRow(width)) * HEIGHT;

/** A mark that values beyond the end of the ramp exist. */
function drawTriangle(context: Context, x: number, y: number, reach: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x + reach, y);
  context.lineTo(x, y + 4);
  context.fill();
}

function drawRamp(context: Context, {colours, clipped, signed}: LegendRow, x: number, y: number): void {
  const ramp = context.createLinearGradient(x, 0, x + RAMP.width, 0);
  colours.forEach((colour, i) => ramp.addColorStop(i / Math.max(1, colours.length - 1), colour));
  context.fillStyle = ramp;
  context.fillRect(x, y, RAMP.width, RAMP.height);
  if (!clipped) return;
  drawTriangle(context, x + RAMP.width + 2, y + 4, 6, colours.at(-1)!);
  if (signed) drawTriangle(context, x - 2, y + 4, -6, colours[0]!);
}

function drawLegend(context: Context, row: LegendRow, x: number, y: number, look: Look): void {
  context.font = `400 11px ${look.font}`;
  context.fillStyle = look.ink;
  const [title = ''] = wrap(row.title, WIDTH, (text) => context.measureText(text).width, 1);
  context.fillText(title, x, y + 12);
  context.fillStyle = look.grey;
  context.fillText(row.words, x, y + 26);
  drawRamp(context, row, x + RAMP.left, y + 33);
  context.fillStyle = look.grey;
  row.ends.forEach((end, i) => {
    const share = row.ends.length < 2 ? 0 : i / (row.ends.length - 1);
    context.textAlign = share === 0 ? 'left' : share === 1 ? 'right' : 'center';
    context.fillText(end, x + RAMP.left + share * RAMP.width, y + 54);
  });
  context.textAlign = 'left';
}

/** Draws legends side by side. */
export function drawLegends(context: Context, rows: readonly LegendRow[], area: {x: number; y: number; width: number}, look: Look): void {
  const columns = perRow(area.width);
  rows.forEach((row, i) => drawLegend(context, row, area.x + (i % columns) * (WIDTH + GAP), area.y + Math.floor(i / columns) * HEIGHT, look));
}
