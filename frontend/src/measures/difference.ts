import {ranks} from './rank';

/** Values on a grid, row-major. */
export interface Grid {
  rows: number;
  cols: number;
  values: Float32Array;
}

export const DIFFERENCES = ['signed', 'absolute', 'ranks'] as const;
/** What is drawn: B - A, |B - A|, or how far each cell moves up in the order of its map. */
export type DifferenceKind = (typeof DIFFERENCES)[number];

/** Difference of two maps on the same grid; of ranks as a share of all cells, from -1 to 1. */
export function difference(a: Float32Array, b: Float32Array, kind: DifferenceKind): Float32Array {
  if (kind === 'ranks') return differenceOfRanks(a, b);
  const signed = b.map((value, i) => value - a[i]!);
  return kind === 'signed' ? signed : signed.map(Math.abs);
}

function differenceOfRanks(a: Float32Array, b: Float32Array): Float32Array {
  const [before, after] = [ranks(a), ranks(b)];
  const most = Math.max(1, a.length - 1);
  return Float32Array.from(after, (rank, i) => (rank - before[i]!) / most);
}

/**
 * Norm of the difference over the norms of both: 0 for equal maps, 1 for opposite ones and for maps
 * of which one is zero; `null` where both are.
 */
export function normOfDifference(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let [between, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    between += (b[i]! - a[i]!) ** 2;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  const both = Math.sqrt(ofA) + Math.sqrt(ofB);
  return both > 0 ? Math.sqrt(between) / both : null;
}

/** The grid on which two maps are compared: the finer one along each side. */
export function commonGrid(a: Pick<Grid, 'rows' | 'cols'>, b: Pick<Grid, 'rows' | 'cols'>): {rows: number; cols: number} {
  return {rows: Math.max(a.rows, b.rows), cols: Math.max(a.cols, b.cols)};
}

interface Tap {
  from: number;
  to: number;
  part: number;
}

/** Where each new cell lies between the centres of two old ones; beyond the outer centres values are held. */
function tapsOf(cells: number, wanted: number): Tap[] {
  return Array.from({length: wanted}, (_, i) => {
    const place = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / wanted - 0.5));
    const from = Math.floor(place);
    return {from, to: Math.min(cells - 1, from + 1), part: place - from};
  });
}

/** Interpolates a map between the centres of its cells onto a grid that is as fine or finer. */
export function refine(grid: Grid, rows: number, cols: number): Grid {
  if (grid.rows === rows && grid.cols === cols) return grid;
  const [down, across] = [tapsOf(grid.rows, rows), tapsOf(grid.cols, cols)];
  const at = (row: number, {from, to, part}: Tap) => {
    const low = grid.values[row * grid.cols + from]!;
    return low + (grid.values[row * grid.cols + to]! - low) * part;
  };
  const values = new Float32Array(rows * cols);
  down.forEach(({from, to, part}, row) =>
    across.forEach((tap, col) => {
      const low = at(from, tap);
      values[row * cols + col] = low + (at(to, tap) - low) * part;
    }),
  );
  return {rows, cols, values};
}

/** Both maps on their common grid. */
export function aligned(a: Grid, b: Grid): [Grid, Grid] {
  const {rows, cols} = commonGrid(a, b);
  return [refine(a, rows, cols), refine(b, rows, cols)];
}
