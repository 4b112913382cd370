import {signal} from '@preact/signals';

/** The column whose cell is the tab stop of its row; 0 is the picture. */
export const focusedColumn = signal(0);

const MOVES: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

const cellsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>('.cell[role=gridcell]')];

/** Moves the focus between the cells of a grid. */
export function moveFocus(event: KeyboardEvent): void {
  const cell = (event.target as HTMLElement).closest<HTMLElement>('.cell[role=gridcell]');
  const row = cell?.closest('[role=row]');
  const by = MOVES[event.key];
  if (!cell || !row || !by || event.target !== cell || event.shiftKey) return;
  const next = by[0] === 0 ? row : by[0] < 0 ? row.previousElementSibling : row.nextElementSibling;
  event.preventDefault();
  event.stopPropagation();
  if (!next) return;
  const cells = cellsOf(next);
  const column = Math.min(cells.length - 1, Math.max(0, cellsOf(row).indexOf(cell) + by[1]));
  focusedColumn.value = column;
  cells[column]?.focus();
  cells[column]?.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

/** Remembers the column of the cell that has the focus. */
export function followFocus(event: FocusEvent): void {
  const cell = event.target as HTMLElement;
  const row = cell.closest('[role=row]');
  const column = row ? cellsOf(row).indexOf(cell) : -1;
  if (column >= 0) focusedColumn.value = column;
}
