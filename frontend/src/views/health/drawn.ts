// Which runs have curves, and the moment that is marked on them.
import {computed} from '@preact/signals';
import type {RunData} from '../../api';
import {nearest} from '../../store/steps';
import {axisPositions, goTo, stepIndex} from '../../store/time';
import {chosenData} from './moment';
import {drawsAll} from './state';

/** More curves than that are a tangle, and slow to read. */
export const MOST_CURVES = 10;

const lastTime = ({progress}: RunData): number => progress.wall_time.at(-1) ?? 0;

/** The runs whose curves are drawn: the shown one, and of many others those with the newest records. */
export const drawnData = computed<RunData[]>(() => {
  const all = chosenData.value;
  if (drawsAll.value || all.length <= MOST_CURVES) return all;
  const [front, ...others] = all;
  const newest = new Set(others.toSorted((a, b) => lastTime(b) - lastTime(a)).slice(0, MOST_CURVES - 1));
  return [front!, ...others.filter((run) => newest.has(run))];
});

/** Place of the current record. */
export const nowPlace = computed<number | null>(() => axisPositions.value[stepIndex.value] ?? null);

/** Shows the record of the shown run that is nearest to a place. */
export function goToPlace(place: number): void {
  const index = nearest(axisPositions.peek(), place);
  if (index >= 0) goTo(index);
}
