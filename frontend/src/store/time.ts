import {computed, signal, type ReadonlySignal} from '@preact/signals';
import type {RunData} from '../api';
import {clock, grouped, moment} from '../ui/format';
import {flag, linked, number, oneOf, optional, whole} from './link';
import {chosenRuns, runData, shown} from './runs';
import {lastNotAbove} from './steps';

export type AxisMode = 'step' | 'epoch' | 'time';

const wantedStep = linked<number | null>('step', null, optional(whole()));
/** Whether a new record is shown as soon as it is there. */
export const follow = linked('follow', true, flag);
const wantedAxis = linked<AxisMode | null>('axis', null, optional(oneOf(['step', 'epoch', 'time'])));
export const playing = signal(false);
/** Factor on the usual 4 records per second. */
export const speed = linked('speed', 1, number(0.25, 8));

const NO_STEPS: number[] = [];
/** Steps of the shown run, in order. */
export const steps: ReadonlySignal<number[]> = computed(() => shown.value?.steps ?? NO_STEPS);

/** Index of the current record in `steps`, or -1 without any. */
export const stepIndex: ReadonlySignal<number> = computed(() => {
  const list = steps.value;
  const wanted = wantedStep.value;
  if (follow.value || wanted === null || !list.length) return list.length - 1;
  return Math.max(0, lastNotAbove(list, wanted));
});

/** The current step of the shown run. */
export const step: ReadonlySignal<number> = computed(() => steps.value[stepIndex.value] ?? 0);

/** Shows a record; the latest one only if there is nothing behind it. */
export function goTo(index: number): void {
  const list = steps.peek();
  const bounded = Math.min(list.length - 1, Math.max(0, Math.round(index)));
  const value = list[bounded];
  if (value === undefined) return;
  follow.value = false;
  wantedStep.value = value;
}

export const move = (records: number): void => goTo(stepIndex.peek() + records);

export function setFollow(on: boolean): void {
  if (!on) wantedStep.value = step.peek();
  follow.value = on;
}

/** Records behind the current one that are newer. */
export const newer = computed(() => Math.max(0, steps.value.length - 1 - stepIndex.value));

const rising = (values: readonly (number | null)[]): values is number[] =>
  values.every((value, i) => value !== null && (i === 0 || value >= (values[i - 1] ?? -Infinity)));

const placed = new WeakMap<RunData, Partial<Record<AxisMode, number[] | null>>>();

/** Positions of the records of a run on an axis, or `null` where the run cannot be drawn on it. */
export function positions(run: RunData, mode: AxisMode): number[] | null {
  let known = placed.get(run);
  if (!known) placed.set(run, (known = {}));
  return (known[mode] ??= positioned(run, mode));
}

function positioned(run: RunData, mode: AxisMode): number[] | null {
  const {epoch, batch, wall_time: time} = run.progress;
  if (mode === 'time') return rising(time) ? time.map((at) => at - time[0]!) : null;
  if (mode === 'epoch') return run.axis === 'epoch' ? run.steps : epochsOf(epoch);
  if (run.axis === 'batch') return run.steps;
  return rising(batch) && (batch.at(-1) ?? 0) > 0 ? batch : null;
}

/** Spreads the records of one epoch evenly over it; what was recorded before the first belongs to it. */
function epochsOf(recorded: (number | null)[]): number[] | null {
  const first = recorded.findIndex((epoch) => epoch !== null);
  const epochs = recorded.map((epoch, i) => (i < first ? recorded[first]! : epoch));
  if (first < 0 || !rising(epochs)) return null;
  return epochs.map((epoch, i) => {
    const first = epochs.indexOf(epoch);
    return epoch + (i - first) / (epochs.lastIndexOf(epoch) - first + 1);
  });
}

/** The axis in use: the one asked for if the shown run can be drawn on it. */
export const axisMode: ReadonlySignal<AxisMode> = computed(() => {
  const run = shown.value;
  const usual: AxisMode = run?.axis === 'batch' ? 'step' : 'epoch';
  const wanted = wantedAxis.value;
  return run && wanted && positions(run, wanted) ? wanted : usual;
});

export function setAxisMode(mode: AxisMode): void {
  wantedAxis.value = mode;
}

/** Positions of the shown run's records on the axis in use. */
export const axisPositions: ReadonlySignal<number[]> = computed(() => {
  const run = shown.value;
  return (run && positions(run, axisMode.value)) ?? NO_STEPS;
});

/** Ends of the axis over all chosen runs. */
export const axisRange: ReadonlySignal<[number, number]> = computed(() => {
  const all = chosenRuns.value.flatMap((name) => {
    const run = runData.value.get(name);
    const list = run && positions(run, axisMode.value);
    return list?.length ? [list[0]!, list.at(-1)!] : [];
  });
  if (!all.length) return [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return [low, high > low ? high : low + 1];
});

/** Place of an axis position between 0 and 1. */
export function share(position: number): number {
  const [low, high] = axisRange.value;
  return (position - low) / (high - low);
}

/** Place of the current record on the axis between 0 and 1. */
export const nowShare = computed(() => share(axisPositions.value[stepIndex.value] ?? 0));

/** Text of a place on the axis. */
export function axisText(position: number, mode: AxisMode = axisMode.value): string {
  if (mode === 'time') return moment(position);
  return grouped(mode === 'epoch' ? Math.floor(position) : position);
}

/** Text of a step of the shown run, in the words of its own axis: the number of the epoch or batch. */
export const stepText = (value: number): string => grouped(value);

/** Name of what a step counts: Epoch or Step. */
export const stepName = computed(() => (shown.value?.axis === 'batch' ? 'Step' : 'Epoch'));

/** When the current record was written, as a time of day. */
export const timeOfDay = computed(() => {
  const at = shown.value?.progress.wall_time[stepIndex.value];
  return at === undefined ? '' : clock(at);
});
