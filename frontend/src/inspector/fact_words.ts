// The three figures that say how far a map can be trusted, in words.
import type {Measures} from '../store/measures';
import {lastNotAbove} from '../store/steps';
import {verdictOf} from '../store/trust';
import {figure, percent} from '../ui/format';

/** Names of the metrics that stand out; all others are listed. */
export const MASS = 'relevance_mass';
export const DRIFT = 'drift';
export const CONTROL = 'control';

export interface Fact {
  /** The figure, or a dash. */
  text: string;
  words: string;
}

/** From this difference on an earlier share is worth telling. */
const TELLING = 0.1;
const NOTHING = '–';

/** A correlation or distance with two digits at most: .04. */
const two = (value: number): string => figure(Math.round(value * 100) / 100);

/** A figure of a map over time, up to a step. */
export interface History {
  steps: readonly number[];
  values: readonly (number | null)[];
  /** Record at the step or before it, or -1. */
  record: number;
}

export function historyOf(measures: Measures, name: string, map: number, step: number): History {
  return {steps: measures.steps, values: measures.over(name, map), record: lastNotAbove(measures.steps, step)};
}

type Words = (step: number) => string;

/** `31 %` of the mass on the object; what it was when it was last quite another. */
export function massFact({steps, values, record}: History, words: Words): Fact {
  const now = values[record] ?? null;
  if (now === null) return {text: NOTHING, words: 'of the mass on the object; no mass at all, or no mask'};
  const before = values.slice(0, record).findLastIndex((value) => value !== null && Math.abs(value - now) >= TELLING);
  const past = before < 0 ? '' : `; ${percent(values[before]!)} at ${words(steps[before]!)}`;
  return {text: percent(now), words: `of the mass on the object${past}`};
}

/** `.61` of drift since the record before, and whether it was ever more. */
export function driftFact({steps, values, record}: History, words: Words): Fact {
  const now = values[record] ?? null;
  if (record < 1) return {text: NOTHING, words: 'drift: this is the first record'};
  const since = `drift since ${words(steps[record - 1]!)}`;
  if (now === null) return {text: NOTHING, words: `${since}: another class, or a constant map`};
  const isHighest = now > 0 && values.every((value) => value === null || value <= now);
  return {text: two(now), words: isHighest ? `${since}, highest of this run` : since};
}

/** `.04` like the untrained model; likeness tells nothing as long as the model itself is like it. */
export function controlFact({values, record}: History, isTrained: () => boolean | 'loading'): Fact & {ignores: boolean | null} {
  const now = values[record] ?? null;
  if (now !== null) {
    const verdict = verdictOf(now, isTrained);
    const ignores = {ignores: true, follows: false, undecided: null, loading: null}[verdict];
    return {text: two(now), ignores, words: verdict === 'undecided' ? 'like the untrained model, of which little has changed' : 'like the untrained model; low is good'};
  }
  const reason = record < 1 ? 'this is it' : 'nothing there to compare with';
  return {text: NOTHING, ignores: null, words: `like the untrained model: ${reason}`};
}
