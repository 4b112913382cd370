// One cell on a canvas of our own, from the same pictures, pixels and outlines as in the page.
import {SIDE} from '../render/contour';
import {pictureBox} from '../render/proportion';
import type {Piece} from './collect';

type Context = CanvasRenderingContext2D;

export interface Square {
  x: number;
  y: number;
  size: number;
}

function drawPicture(context: Context, image: HTMLImageElement, {x, y, size}: Square): void {
  if (!image.naturalWidth) return;
  context.imageSmoothingEnabled = !image.classList.contains('raw');
  context.drawImage(image, x, y, size, size);
}

function drawOutline(context: Context, svg: SVGSVGElement, {x, y, size}: Square): void {
  const shrink = size / SIDE;
  context.save();
  context.beginPath();
  context.rect(x, y, size, size);
  context.clip();
  context.translate(x, y);
  context.scale(shrink, shrink);
  context.lineJoin = 'round';
  for (const path of svg.querySelectorAll('path')) {
    const isUnder = path.classList.contains('under');
    context.strokeStyle = isUnder ? 'rgba(0,0,0,.6)' : '#fff';
    context.lineWidth = (isUnder ? 3 : 1.25) / shrink;
    context.setLineDash(!isUnder && svg.classList.contains('object') ? [4 / shrink, 3 / shrink] : []);
    context.stroke(new Path2D(path.getAttribute('d') ?? ''));
  }
  context.restore();
}

function drawBadge(context: Context, words: string, {x, y, size}: Square, font: string): void {
  context.font = `11px ${font}`;
  const width = Math.min(size - 8, context.measureText(words).width + 10);
  context.fillStyle = 'rgba(20,20,20,.82)';
  context.fillRect(x + 4, y + size - 20, width, 16);
  context.fillStyle = '#fff';
  context.textBaseline = 'middle';
  context.fillText(words, x + 9, y + size - 11.5, width - 10);
  context.textBaseline = 'alphabetic';
}

/** Draws the words of a cell that has no map. */
function drawWords(context: Context, words: string, {x, y, size}: Square, ink: string, font: string): void {
  context.font = `11px ${font}`;
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.fillText(words, x + size / 2, y + size / 2, size - 12);
  context.textAlign = 'left';
}

/** Draws into the part of the square that the picture takes, as in the page. */
function fit(context: Context, cell: Element, {x, y, size}: Square): void {
  const [outer, inner] = [cell.getBoundingClientRect(), pictureBox(cell)];
  if (!outer.width || !outer.height) return;
  const [across, down] = [inner.width / outer.width, inner.height / outer.height];
  context.translate(x + ((1 - across) / 2) * size, y + ((1 - down) / 2) * size);
  context.scale(across, down);
  context.translate(-x, -y);
}

/** Draws picture, map and outlines over each other. */
function drawLayers(context: Context, cell: Element, canvas: Piece['canvas'], square: Square): void {
  const {x, y, size} = square;
  const picture = cell.querySelector<HTMLImageElement>('img.pic');
  if (picture) drawPicture(context, picture, square);
  if (canvas && !canvas.hidden && canvas.width) {
    context.imageSmoothingEnabled = !cell.classList.contains('raw');
    context.imageSmoothingQuality = 'high';
    context.drawImage(canvas, x, y, size, size);
  }
  for (const svg of cell.querySelectorAll<SVGSVGElement>('svg.outline')) drawOutline(context, svg, square);
}

export function drawCell(context: Context, {cell, canvas}: Piece, square: Square, look: {field: string; ink: string; font: string}): void {
  const {x, y, size} = square;
  context.fillStyle = look.field;
  context.fillRect(x, y, size, size);
  context.save();
  fit(context, cell, square);
  drawLayers(context, cell, canvas, square);
  context.restore();
  const badge = cell.querySelector('.badge .w')?.textContent;
  if (badge) drawBadge(context, badge, square, look.font);
  if (cell.classList.contains('msg')) drawWords(context, cell.querySelector('.words')?.firstChild?.textContent ?? cell.textContent, square, look.ink, look.font);
}
