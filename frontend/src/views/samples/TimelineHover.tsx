import {signal} from '@preact/signals';
import {className, type Predictions} from '../../store/predictions';
import {runColour} from '../../store/runs';
import {massTag, stateWords, type Streak} from '../../store/states';
import {nearest} from '../../store/steps';
import {goTo, stepName, steps, stepText} from '../../store/time';
import {figure, probability} from '../../ui/format';
import type {RunData} from '../../api';

/** The record of a sample under the cursor, among those of the predictions. */
const hovered = signal<{sample: number; record: number} | null>(null);

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

interface HoverProps {
  run: RunData;
  sample: number;
  known: Predictions;
  lines: readonly Line[];
  all: readonly Streak[];
  places: readonly number[];
  range: Range;
}

/** Value of another line at the same place of the axis. */
function valueOf({xs, ys}: Line, place: number): number | null {
  return ys[nearest(xs, place)] ?? null;
}

function statusOf({run, known, sample, all}: HoverProps, record: number): string {
  const state = all.find(({from, to}) => from <= record && record <= to);
  const {predicted} = known.outcome(record, sample);
  const words = state ? stateWords(state, massTag(run) !== null) : '';
  return [predicted === null ? '' : className(run, predicted), words].filter(Boolean).join(': ');
}

/** The record under the cursor: its line, and the values of all curves there. */
export function TimelineHover(props: HoverProps) {
  const {sample, known, lines, places, range} = props;
  const now = hovered.value;
  if (now?.sample !== sample || now.record < 0) return null;
  const place = places[now.record]!;
  const share = (place - range[0]) / (range[1] - range[0]);
  const values = lines.toReversed().map((line) => ({run: line.run, value: valueOf(line, place)}));
  return (
    <>
      <i class="at" style={{left: `${share * 100}%`}} />
      <div class="said" style={{'--at': `${share * 100}%`}} aria-hidden="true">
        <span class="b">{stepName.value} {stepText(known.steps[now.record]!)}</span>
        {values.map(({run, value}) => value !== null && <span key={run}><i style={{background: runColour(run)}} />{known.hasProbability ? probability(value) : figure(value)}</span>)}
        <span class="what">{statusOf(props, now.record)}</span>
      </div>
    </>
  );
}
