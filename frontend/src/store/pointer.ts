import {signal} from '@preact/signals';

/** The place of a sample under the cursor, as shares of its width and height. */
export interface Pointer {
  sample: number;
  x: number;
  y: number;
}

export const pointer = signal<Pointer | null>(null);

/** Follows the cursor over a cell of a sample. */
export function point(sample: number, event: PointerEvent, cell: Element): void {
  const box = cell.getBoundingClientRect();
  const within = (value: number) => Math.min(0.9999, Math.max(0, value));
  const x = within((event.clientX - box.left) / box.width);
  const y = within((event.clientY - box.top) / box.height);
  pointer.value = {sample, x, y};
}

export function unpoint(): void {
  pointer.value = null;
}
