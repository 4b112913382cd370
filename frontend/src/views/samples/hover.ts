// Which record of a sample's timeline is under the cursor.
import {signal} from '@preact/signals';
import type {RunData} from '../../api';
import type {Predictions} from '../../store/predictions';
import type {Streak} from '../../store/states';
import {nearest} from '../../store/steps';
import {goTo, steps} from '../../store/time';
import {part} from '../../ui/part';

/** What tells the record under the cursor. */
export const hoverPart = part('hover', () => import('./TimelineHover'));

/** The record of a sample under the cursor, among those of the predictions. */
export const hovered = signal<{sample: number; record: number} | null>(null);

/** The curve of one run. */
export interface Line {
  run: string;
  path: string;
  /** Places of its records on the axis, and their values. */
  xs: readonly number[];
  ys: readonly (number | null)[];
}

type Range = readonly [number, number];

/** Index of the record under the cursor. */
function recordAt(event: MouseEvent, places: readonly number[], [low, high]: Range): number {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return nearest(places, low + ((event.clientX - box.left) / box.width) * (high - low));
}

/** What a plot over time does under the cursor: it tells the record there, and a click goes to it. */
export function hoverOver(sample: number, known: Predictions, places: readonly number[], range: Range) {
  return {
    onPointerMove(event: PointerEvent) {
      hoverPart.need();
      const record = recordAt(event, places, range);
      const now = hovered.peek();
      if (now?.sample !== sample || now.record !== record) hovered.value = {sample, record};
    },
    onPointerLeave: () => (hovered.value = null),
    onClick(event: MouseEvent) {
      const index = steps.peek().indexOf(known.steps[recordAt(event, places, range)] ?? NaN);
      if (index >= 0) goTo(index);
    },
  };
}

export interface HoverProps {
  run: RunData;
  sample: number;
  known: Predictions;
  lines: readonly Line[];
  all: readonly Streak[];
  places: readonly number[];
  range: Range;
}

