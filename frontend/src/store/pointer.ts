import {signal} from '@preact/signals';
import {pictureBox} from '../render/proportion';

/** The place of a sample under the cursor, as shares of its width and height. */
export interface Pointer {
  sample: number;
  x: number;
  y: number;
}

export const pointer = signal<Pointer | null>(null);

/** Follows the cursor over a cell of a sample. */
export function point(sample: number, event: PointerEvent, cell: Element): void {
  const box = pictureBox(cell);
  const within = (value: number) => Math.min(0.9999, Math.max(0, value));
  const x = within((event.clientX - box.left) / box.width);
  const y = within((event.clientY - box.top) / box.height);
  pointer.value = {sample, x, y};
}

/** Ends that; a finger that is lifted leaves the place where it was, to be read. */
export function unpoint(event?: Event): void {
  if (event instanceof PointerEvent && event.pointerType === 'touch') return;
  pointer.value = null;
}

/** Sample of the cell, or of the row, in which an element lies. */
function sampleAt(target: Element): number | null {
  const sample = target.closest<HTMLElement>('[data-sample]')?.dataset.sample;
  return sample === undefined ? null : Number(sample);
}

/** Has a tap show the values where it was, in all cells of the sample, until one taps elsewhere. */
export function watchTaps(): () => void {
  const onDown = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' || !(event.target instanceof Element)) return;
    const cell = event.target.closest('.cell');
    const sample = cell && sampleAt(cell);
    if (cell && sample !== null) point(sample, event, cell);
    else pointer.value = null;
  };
  document.addEventListener('pointerdown', onDown, {passive: true});
  return () => document.removeEventListener('pointerdown', onDown);
}
