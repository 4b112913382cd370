// Whether an explainer looks at the model: how much its maps are like those of the untrained one.
import type {MapTag, RunData} from '../api';
import {painted} from '../render/ready';
import {judgeOf, RANDOMIZATION} from './judges';
import {measures} from './measures';
import {restedStep} from './rest';
import {lastNotAbove, tagSteps} from './steps';
import {isTrained} from './trained';

/** From this rank correlation with the maps of another model on, an explainer is said to ignore the model. */
export const IGNORES = 0.5;

export type Trust =
  | {kind: 'follows' | 'ignores'; control: number; randomized?: boolean}
  /** Maps are like those of the first record, and so is the model. */
  | {kind: 'undecided'; control: number}
  /** There is no figure, or it is on its way. */
  | {kind: 'none' | 'loading'; control: null};

const NONE: Trust = {kind: 'none', control: null};
const LOADING: Trust = {kind: 'loading', control: null};

/** Mean of what judges it over all maps of a tag, at the last record at or before `step` that has any; `null` without one. */
function meanOf(run: RunData, tag: MapTag, step: number): number | null | 'loading' {
  const judge = judgeOf(tag);
  if (!judge) return null;
  if (!painted.value) return 'loading';
  const loaded = measures(run, tag, [judge]);
  if (loaded.status === 'loading') return 'loading';
  if (loaded.status === 'error') return null;
  const steps = tagSteps(run, tag);
  const maps = tag.columns.sample.length;
  for (let record = lastNotAbove(steps, step); record >= 0; record--) {
    const values = Array.from({length: maps}, (_, map) => loaded.value.at(judge, steps[record]!, map));
    const mean = average(values);
    if (mean !== null) return mean;
  }
  return null;
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

/** Says how far an explainer can be trusted at a step; subscribes the caller. */
export function trustOf(run: RunData, tags: readonly MapTag[], step: number = restedStep.value): Trust {
  const means = tags.map((tag) => meanOf(run, tag, step));
  const control = average(means.filter((mean) => mean !== 'loading'));
  if (control === null) return means.includes('loading') ? LOADING : NONE;
  const randomized = tags.some((tag) => judgeOf(tag) === RANDOMIZATION);
  if (control < IGNORES) return {kind: 'follows', control, randomized};
  const trained = randomized || isTrained(run, step);
  if (trained === 'loading') return LOADING;
  return trained ? {kind: 'ignores', control, randomized} : {kind: 'undecided', control};
}
