// Where one reads a picture, and what stands there.
import {valueAt, type StoredMap} from '../records/maps';
import {figure} from '../ui/format';

/** A place as shares of the width and height. */
export interface Place {
  x: number;
  y: number;
}

interface Grid {
  rows: number;
  cols: number;
}

const cellOf = (share: number, cells: number): number => Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));

/** Row and column of the cell at a place. */
export const cellAt = ({x, y}: Place, {rows, cols}: Grid): {row: number; col: number} => ({row: cellOf(y, rows), col: cellOf(x, cols)});

/** `x 26, y 21`: the pixel of the sample at a place. */
export function pixelWords(place: Place, pixels: Grid): string {
  const {row, col} = cellAt(place, pixels);
  return `x ${col}, y ${row}`;
}

/** The pixel, and the value of the map there: `x 26, y 21 · .16`. */
export function readingWords(place: Place, pixels: Grid, map: StoredMap | null): string {
  const where = pixelWords(place, pixels);
  if (!map) return where;
  const {row, col} = cellAt(place, map);
  return `${where} · ${figure(valueAt(map, row, col))}`;
}

const MOVES: Record<string, readonly [across: number, down: number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** The middle of the cell to which a key leads, from the middle of the picture at first; `null` for other keys. */
export function moved(place: Place | null, key: string, grid: Grid, by = 1): Place | null {
  const move = MOVES[key];
  if (!move) return null;
  const from = cellAt(place ?? {x: 0.5, y: 0.5}, grid);
  const [across, down] = place ? move : [0, 0];
  const col = Math.min(grid.cols - 1, Math.max(0, from.col + by * across));
  const row = Math.min(grid.rows - 1, Math.max(0, from.row + by * down));
  return {x: (col + 0.5) / grid.cols, y: (row + 0.5) / grid.rows};
}
