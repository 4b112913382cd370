// Puts cells that lie about a view into a table, and says once what all of a row or column share.

/** What can be said about a cell, in the order in which it is said. */
export const FACTS = ['run', 'map', 'step', 'sample', 'outcome', 'channel'] as const;
export type FactName = (typeof FACTS)[number];

export interface Fact {
  /** Equal for what is the same, whatever it is called. */
  id: string;
  lines: readonly string[];
}

export type Facts = Partial<Record<FactName, Fact>>;

export interface Placed {
  box: {x: number; y: number; width: number; height: number};
  facts: Facts;
}

export interface Table<P extends Placed> {
  rows: P[][];
  /** What is true for all cells. */
  shared: string[];
  rowHeads: string[][];
  columnHeads: string[][];
  /** What is left to say about a single cell. */
  captions: Map<P, string[]>;
}

/** Rows from top to bottom, their cells from left to right; a cell belongs to the row that holds its middle. */
export function rowsOf<P extends Placed>(pieces: readonly P[]): P[][] {
  const rows: {top: number; bottom: number; cells: P[]}[] = [];
  for (const piece of pieces.toSorted((a, b) => a.box.y - b.box.y)) {
    const {y, height} = piece.box;
    const middle = y + height / 2;
    const row = rows.find(({top, bottom}) => middle > top && middle < bottom);
    if (row) row.cells.push(piece);
    else rows.push({top: y, bottom: y + height, cells: [piece]});
  }
  return rows.map(({cells}) => cells.toSorted((a, b) => a.box.x - b.box.x));
}

/** Whether the cells of each group agree about a fact; one that lacks it agrees with all. */
const agree = (groups: readonly (readonly Placed[])[], name: FactName): boolean =>
  groups.every((group) => new Set(group.flatMap(({facts}) => facts[name]?.id ?? [])).size < 2);

/** Facts that all cells share. */
export const sharedBy = (pieces: readonly Placed[]): FactName[] => FACTS.filter((name) => agree([pieces], name));

export const linesOf = (group: readonly Placed[], names: readonly FactName[]): string[] =>
  names.flatMap((name) => group.find(({facts}) => facts[name])?.facts[name]?.lines ?? []);

/**
 * Arranges cells as a table; everything is said where it is said least often.
 *
 * @param known Facts that were said before.
 */
export function arrange<P extends Placed>(pieces: readonly P[], known: readonly FactName[] = []): Table<P> {
  const rows = rowsOf(pieces);
  const columns = Array.from({length: Math.max(0, ...rows.map((row) => row.length))}, (_, i) => rows.flatMap((row) => row[i] ?? []));
  const where = (name: FactName) => {
    if (agree([pieces], name)) return 'all';
    if (agree(columns, name)) return 'column';
    return agree(rows, name) ? 'row' : 'cell';
  };
  const named = (place: string) => FACTS.filter((name) => !known.includes(name) && where(name) === place);
  const [all, byColumn, byRow, byCell] = ['all', 'column', 'row', 'cell'].map(named) as [FactName[], FactName[], FactName[], FactName[]];
  return {
    rows,
    shared: linesOf(pieces, all),
    rowHeads: rows.map((row) => linesOf(row, byRow)),
    columnHeads: columns.map((column) => linesOf(column, byColumn)),
    captions: new Map(pieces.map((piece) => [piece, linesOf([piece], byCell)])),
  };
}
