// The picture that is saved: caption, cells with their heads, legends.
import {arrange, linesOf, sharedBy, type Table} from './arrange';
import {sectionsOf, type Piece} from './collect';
import {drawLegends, legendsHeight} from './draw_legends';
import {legendsOf} from './legends';
import {drawCell} from './paint_cell';
import {Words, type Context, type Look} from './words';

const PAD = 24;
const GAP = 10;
const ROW_HEAD = 176;
/** Width that the cells of a row share. */
const ROOM = 1400;
const [SMALLEST, LARGEST] = [72, 360];
/** How much larger cells are than in the page. */
const LARGER = 1.25;
const NARROWEST = 560;
/** Pixels per CSS pixel; less where a canvas would get too large for browsers. */
const SHARPNESS = 2;
const MOST_PIXELS = 64e6;

function lookOf(): Look {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {paper: token('--surface'), field: token('--surface-sunken'), ink: token('--text'), grey: token('--text-2'), font: token('--font')};
}

/** One table of cells, and where its parts go. */
interface Section {
  table: Table<Piece>;
  size: number;
  left: number;
  title: number;
  columnHead: number;
  caption: number;
  width: number;
  height: number;
}

const most = (all: Iterable<number>): number => Math.max(0, ...all);

function sectionOf(pieces: readonly Piece[], known: ReturnType<typeof sharedBy>, words: Words): Section {
  const table = arrange(pieces, known);
  const {rows, columnHeads, rowHeads, captions, shared} = table;
  const columns = Math.max(1, columnHeads.length);
  const wanted = most(pieces.map(({box}) => box.width)) * LARGER;
  const size = Math.round(Math.min(LARGEST, Math.max(SMALLEST, Math.min(wanted, ROOM / columns - GAP))));
  const left = PAD + (rowHeads.some((lines) => lines.length) ? ROW_HEAD : 0);
  const width = left + columns * (size + GAP) - GAP + PAD;
  const title = shared.length ? words.height([shared.join(' · ')], Math.max(NARROWEST, width) - 2 * PAD) + 6 : 0;
  const heads = most(columnHeads.map((lines) => words.height(lines, size)));
  const columnHead = heads && heads + 6;
  const caption = most([...captions.values()].map((lines) => words.height(lines, size, false)));
  const rowHeights = rows.map((_, i) => Math.max(size + caption, words.height(rowHeads[i]!, ROW_HEAD - GAP)) + GAP);
  return {table, size, left, title, columnHead, caption, width, height: title + columnHead + rowHeights.reduce((sum, one) => sum + one, 0) + GAP};
}

function drawSection(context: Context, section: Section, top: number, words: Words, look: Look): void {
  const {table, size, left, title, columnHead, caption, width} = section;
  words.draw([table.shared.join(' · ')], PAD, top, Math.max(NARROWEST, width) - 2 * PAD);
  table.columnHeads.forEach((lines, i) => {
    words.draw(lines, left + i * (size + GAP), top + title + columnHead - 6 - words.height(lines, size), size);
  });
  let y = top + title + columnHead;
  table.rows.forEach((row, r) => {
    words.draw(table.rowHeads[r]!, PAD, y, ROW_HEAD - GAP);
    row.forEach((piece, c) => {
      const x = left + c * (size + GAP);
      drawCell(context, piece, {x, y, size}, {field: look.field, ink: look.grey, font: look.font});
      words.draw(table.captions.get(piece) ?? [], x, y + size + 2, size, false);
    });
    y += Math.max(size + caption, words.height(table.rowHeads[r]!, ROW_HEAD - GAP)) + GAP;
  });
}

/** Draws cells with all that is needed to read them. */
export function draw(pieces: readonly Piece[], caption: readonly string[]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const look = lookOf();
  const words = new Words(context, look);
  const known = sharedBy(pieces);
  const lines = [linesOf(pieces, known).join(' · '), ...caption];
  const sections = sectionsOf(pieces).map((group) => sectionOf(group, known, words));
  const legends = legendsOf(pieces);
  const width = Math.max(NARROWEST, ...sections.map((section) => section.width));
  const head = PAD + words.height(lines, width - 2 * PAD) + GAP;
  const foot = head + sections.reduce((sum, section) => sum + section.height, 0);
  const height = foot + legendsHeight(legends.length, width - 2 * PAD) + PAD;
  const sharpness = Math.min(SHARPNESS, Math.sqrt(MOST_PIXELS / (width * height)));
  [canvas.width, canvas.height] = [Math.round(width * sharpness), Math.round(height * sharpness)];
  context.scale(sharpness, sharpness);
  context.fillStyle = look.paper;
  context.fillRect(0, 0, width, height);
  words.draw(lines, PAD, PAD, width - 2 * PAD);
  let top = head;
  for (const section of sections) {
    drawSection(context, section, top, words, look);
    top += section.height;
  }
  drawLegends(context, legends, {x: PAD, y: foot, width: width - 2 * PAD}, look);
  return canvas;
}
