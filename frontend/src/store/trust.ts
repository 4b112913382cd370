// Whether an explainer looks at the model: how much its maps are like those of the untrained one.
import type {MapTag, RunData} from '../api';
import {meanOf} from '../measures/mean';
import {painted} from '../render/ready';
import {judgeOf, RANDOMIZATION} from './judges';
import {measures} from './measures';
import {restedStep} from './rest';
import {lastNotAbove, tagSteps} from './steps';
import {isTrained} from './trained';

/** From this rank correlation with the maps of another model on, an explainer is said to ignore the model. */
const IGNORES = 0.5;

/** `undecided`: maps are like those of the first record, and so is the model. */
export type Verdict = 'follows' | 'ignores' | 'undecided';

/** What a likeness to maps of another model says of an explainer; whether the model is another one is asked only where it counts. */
export function verdictOf(control: number, isOther: () => boolean | 'loading'): Verdict | 'loading' {
  if (control < IGNORES) return 'follows';
  const other = isOther();
  if (other === 'loading') return 'loading';
  return other ? 'ignores' : 'undecided';
}

export type Trust =
  | {kind: Verdict; control: number; randomized?: boolean}
  /** There is no figure, or it is on its way. */
  | {kind: 'none' | 'loading'; control: null};

const NONE: Trust = {kind: 'none', control: null};
const LOADING: Trust = {kind: 'loading', control: null};

/** Mean of what judges it over all maps of a tag, at the last record at or before `step` that has any; `null` without one. */
function controlOf(run: RunData, tag: MapTag, step: number): number | null | 'loading' {
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
    const mean = meanOf(values);
    if (mean !== null) return mean;
  }
  return null;
}

/** Says how far an explainer can be trusted at a step; subscribes the caller. */
export function trustOf(run: RunData, tags: readonly MapTag[], step: number = restedStep.value): Trust {
  const means = tags.map((tag) => controlOf(run, tag, step));
  const control = meanOf(means.filter((mean) => mean !== 'loading'));
  if (control === null) return means.includes('loading') ? LOADING : NONE;
  const randomized = tags.some((tag) => judgeOf(tag) === RANDOMIZATION);
  const kind = verdictOf(control, () => randomized || isTrained(run, step));
  return kind === 'loading' ? LOADING : {kind, control, randomized};
}
