// Marks the current record among the columns without a component being drawn again.
import {effect} from '@preact/signals';
import {useLayoutEffect} from 'preact/hooks';
import type {RefObject} from 'preact';
import {lastNotAbove} from '../../store/steps';
import {step, stepIndex, stepText} from '../../store/time';
import type {Frame} from './key_frames';

/** Puts the label of a record between two columns, or takes it away. */
function between(grid: HTMLElement, columns: readonly Frame[], index: number): void {
  const label = grid.querySelector<HTMLElement>('.between');
  const before = lastNotAbove(columns.map((frame) => frame.index), index);
  const head = grid.querySelector<HTMLElement>(`.fhead [data-column="${Math.max(0, before)}"]`);
  if (!label || !head) return;
  label.textContent = stepText(step.peek());
  label.style.left = `${before < 0 ? head.offsetLeft : head.offsetLeft + head.offsetWidth + 2}px`;
  label.hidden = false;
}

function mark(grid: HTMLElement, columns: readonly Frame[], index: number): void {
  for (const old of grid.querySelectorAll('[data-now]')) old.removeAttribute('data-now');
  grid.querySelector('[aria-current]')?.removeAttribute('aria-current');
  const place = columns.findIndex((frame) => frame.index === index);
  grid.querySelector('.between')?.toggleAttribute('hidden', true);
  if (place < 0) return between(grid, columns, index);
  for (const own of grid.querySelectorAll(`[data-column="${place}"]`)) own.toggleAttribute('data-now', true);
  grid.querySelector(`.fhead [data-column="${place}"] button`)?.setAttribute('aria-current', 'step');
}

/** Keeps the mark at the current record. */
export function useNow(grid: RefObject<HTMLElement | null>, columns: readonly Frame[] | null): void {
  useLayoutEffect(() => effect(() => {
    if (grid.current && columns) mark(grid.current, columns, stepIndex.value);
  }));
}
