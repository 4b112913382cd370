// Which rows of a long list are in the page.

/** First row and the one after the last. */
export interface RowRange {
  first: number;
  end: number;
}

const SPARE = 6;

/** Rows that a scrolled box shows, with a few spare ones on both sides. */
export function visibleRange(scroll: number, height: number, row: number, rows: number): RowRange {
  const first = Math.max(0, Math.floor(scroll / row) - SPARE);
  const end = Math.min(rows, Math.ceil((scroll + height) / row) + SPARE);
  return {first: Math.min(first, Math.max(0, end)), end};
}

/** A scrolled box with a head and a foot that stay in sight, sizes in CSS pixels. */
export interface ScrollBox {
  scroll: number;
  height: number;
  head: number;
  foot: number;
}

/** Where to scroll so that a row is in sight between head and foot; `null` if it is already. */
export function scrollFor(index: number, box: ScrollBox, row: number): number | null {
  const top = index * row;
  const low = top + row + box.head + box.foot - box.height;
  if (top < box.scroll) return top;
  return low > box.scroll ? low : null;
}
