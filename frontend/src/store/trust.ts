// Whether an explainer looks at the model: how much its maps are like those of the untrained one.
import type {MapTag, RunData} from '../api';
import {painted} from '../render/ready';
import {measures} from './measures';
import {metricsOf} from './metrics';
import {restedStep} from './rest';
import {lastNotAbove, tagSteps} from './steps';

/** From this rank correlation with the maps of the untrained model on, an explainer is said to ignore the model. */
export const IGNORES = 0.5;
/** Metrics that judge an explainer, the one that was asked for first: the model at step 0 is a control without asking. */
const JUDGES = ['parameter_randomization', 'control'];

export type Trust =
  | {kind: 'follows' | 'ignores'; control: number; randomized?: boolean}
  /** There is no figure, or it is on its way. */
  | {kind: 'none' | 'loading'; control: null};

const NONE: Trust = {kind: 'none', control: null};
const LOADING: Trust = {kind: 'loading', control: null};

const judgeOf = (tag: MapTag): string | undefined => JUDGES.find((name) => name in metricsOf(tag));

/** Whether maps of a tag are compared with those of another model. */
export const hasControl = (tag: MapTag): boolean => judgeOf(tag) !== undefined;

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
  const randomized = tags.some((tag) => judgeOf(tag) === JUDGES[0]);
  if (control !== null) return {kind: control >= IGNORES ? 'ignores' : 'follows', control, randomized};
  return means.includes('loading') ? LOADING : NONE;
}
