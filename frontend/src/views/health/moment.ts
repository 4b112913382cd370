// One time for several runs: where their records lie on the axis in use. The sidebar counts by it too.
import {computed} from '@preact/signals';
import type {RunData} from '../../api';
import {openFindings, type Finding} from '../../store/findings';
import {restedStep} from '../../store/rest';
import {chosenRuns, runData, shown, shownRun} from '../../store/runs';
import {lastNotAbove} from '../../store/steps';
import {axisMode, positions, type AxisMode} from '../../store/time';

/** The chosen runs that were read, the shown one first. */
export const chosenData = computed<RunData[]>(() => {
  const front = shownRun.value;
  const all = chosenRuns.value.flatMap((name) => runData.value.get(name) ?? []);
  return all.toSorted((a, b) => Number(b.run === front) - Number(a.run === front));
});

const known = new WeakMap<RunData, Partial<Record<AxisMode, readonly number[]>>>();

/** Places of all records of a run on the axis in use. */
function placesOf(run: RunData): readonly number[] {
  const mode = axisMode.value;
  const own = known.get(run) ?? {};
  known.set(run, own);
  return (own[mode] ??= positions(run, mode) ?? run.steps);
}

/** Place on the axis of a step of a run. */
export const placeOfStep = (run: RunData, step: number): number =>
  placesOf(run)[Math.max(0, lastNotAbove(run.steps, step))] ?? step;

/** Step of the last record of a run at a place or before it; `null` before its first. */
export const stepAtPlace = (run: RunData, place: number): number | null =>
  run.steps[lastNotAbove(placesOf(run), place)] ?? null;

/** Place of the record that stood still last. */
export const restedPlace = computed<number | null>(() => (shown.value ? placeOfStep(shown.value, restedStep.value) : null));

/** A run with the step at which it is judged. */
export interface Moment {
  run: RunData;
  step: number;
}

/** Where each chosen run is judged: at its last record up to the place where time stands still. */
export const moments = computed<Moment[]>(() => {
  const place = restedPlace.value;
  return chosenData.value.flatMap((run) => {
    const step = place === null ? null : stepAtPlace(run, place);
    return step === null ? [] : [{run, step}];
  });
});

/** What holds there and asks for a look: the figure of the sidebar and the head of the list. */
export const openNow = computed<Finding[]>(() => moments.value.flatMap(({run, step}) => openFindings(run, step)));
