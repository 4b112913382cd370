// Where the arrow keys go in a grid that wraps its cells.

/** Index of the cell that a key goes to, or `null` if the key means nothing in a grid. */
export function cellFor(key: string, index: number, cells: number, columns: number): number | null {
  const last = cells - 1;
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, index + 1),
    ArrowLeft: Math.max(0, index - 1),
    ArrowDown: index + columns <= last ? index + columns : index,
    ArrowUp: index - columns >= 0 ? index - columns : index,
    Home: 0,
    End: last,
  };
  return cells > 0 ? (moves[key] ?? null) : null;
}
