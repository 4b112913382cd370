// What a sample was at each record: right or wrong, and whether the evidence lay on the object.
import type {MapTag, RunData} from '../api';
import {painted} from '../render/ready';
import {attributionsOf} from './explainers';
import {mapsOfSample} from './maps';
import {measures, type Measures} from './measures';
import {metricsOf} from './metrics';
import type {Outcome, Predictions} from './predictions';

/** Shares of the evidence on the object, the one first that allows for coarse maps and edges; runs of older versions have the other. */
const SHARES = ['relevance_near', 'relevance_mass'];
/** From this share on a sample is explained by the object. */
const ENOUGH = 0.5;
const TARGETS = ['label', 'predicted'];

/** Right or wrong, on the object or elsewhere; without masks always on it. */
export interface State {
  correct: boolean;
  on: boolean;
}

/** Some neighbouring records of the same state. */
export interface Streak extends State {
  /** First and last record. */
  from: number;
  to: number;
}

const shareOf = (tag: MapTag): string | undefined => SHARES.find((name) => name in metricsOf(tag));

/** The tag whose maps say where the evidence lies; `null` in runs without masks. */
export function massTag(run: RunData): MapTag | null {
  if (!run.samples?.masks.some((mask) => mask !== null)) return null;
  const tags = attributionsOf(run).filter((tag) => shareOf(tag) !== undefined);
  const wanted = TARGETS.map((target) => tags.find(({facts}) => facts.target === target));
  return wanted.find((tag) => tag !== undefined) ?? tags[0] ?? null;
}

/** Where the evidence of samples lies over time; `null` without masks, and until that is known. */
export interface Evidence {
  tag: MapTag;
  loaded: Measures;
}

/** Subscribes the caller. */
export function evidenceOf(run: RunData): Evidence | null {
  const tag = painted.value ? massTag(run) : null;
  const loaded = tag && measures(run, tag, [shareOf(tag)!]);
  return tag && loaded?.status === 'ready' ? {tag, loaded: loaded.value} : null;
}

/** Whether the evidence lies on the object; `null` where that is not known. */
export function isOnObject(evidence: Evidence | null, sample: number, step: number): boolean | null {
  const map = evidence && mapsOfSample(evidence.tag, sample)[0];
  const share = map === undefined || map === null ? null : evidence!.loaded.at(shareOf(evidence!.tag)!, step, map);
  return share === null ? null : share >= ENOUGH;
}

const made = new WeakMap<Predictions, {evidence: Evidence['loaded'] | null; states: Map<number, readonly Streak[]>}>();

/** The history of a sample in streaks; records without an outcome belong to none. */
export function streaksOf(known: Predictions, evidence: Evidence | null, sample: number): readonly Streak[] {
  let kept = made.get(known);
  if (!kept || kept.evidence !== (evidence?.loaded ?? null)) {
    kept = {evidence: evidence?.loaded ?? null, states: new Map()};
    made.set(known, kept);
  }
  let all = kept.states.get(sample);
  if (!all) {
    const on = known.steps.map((step) => isOnObject(evidence, sample, step));
    all = streaks(known.history(sample), on);
    kept.states.set(sample, all);
  }
  return all;
}

/** Cuts a history into streaks; where it is not known where the evidence lies, it counts as on the object. */
export function streaks(history: readonly Pick<Outcome, 'correct'>[], on: readonly (boolean | null)[] = []): Streak[] {
  const found: Streak[] = [];
  history.forEach(({correct}, record) => {
    const last = found.at(-1);
    const isOn = on[record] ?? true;
    if (correct === null) return;
    if (last?.correct === correct && last.on === isOn && last.to === record - 1) last.to = record;
    else found.push({correct, on: isOn, from: record, to: record});
  });
  return found;
}

/** Joins neighbouring streaks that are alike in what `same` tells of them. */
function joined(all: readonly Streak[], same: (streak: Streak) => boolean): Streak[] {
  const found: Streak[] = [];
  for (const streak of all) {
    const last = found.at(-1);
    if (last && same(last) === same(streak) && last.to === streak.from - 1) last.to = streak.to;
    else found.push({...streak});
  }
  return found;
}

type Words = (record: number) => string;

/** Since when a sample has been right for the right reason; empty where evidence is always on the object. */
function reason(all: readonly Streak[], words: Words): string {
  const rights = joined(all, ({correct}) => correct).filter(({correct}) => correct);
  if (all.every(({correct, on}) => on || !correct)) return '';
  const sound = joined(all, ({correct, on}) => correct && on).filter(({correct, on}) => correct && on);
  const last = sound.at(-1);
  if (!last) return ', never for the right reason';
  const now = rights.at(-1)!;
  if (last.from === now.from && last.to === now.to) return ', for the right reason';
  if (last.to < now.to) return `, right reason until ${words(last.to + 1)}`;
  return `, right reason ${sound.length > 1 ? 'again ' : ''}from ${words(last.from)}`;
}

function neverRight(all: readonly Streak[], words: Words): string {
  const looked = joined(all, ({on}) => on).filter(({on}) => on);
  const [first, last] = [looked[0], looked.at(-1)];
  if (!first || !last || (first.from === all[0]!.from && first.to === all.at(-1)!.to)) return 'Never learned';
  const until = last.to === all.at(-1)!.to ? '' : ` to ${words(last.to)}`;
  const when = last.from === last.to ? `at ${words(last.from)}` : `from ${words(last.from)}${until}`;
  return `Never learned; looked at the object ${looked.length > 1 ? 'last ' : ''}${when}`;
}

/** The history of a sample in one sentence; empty without labels. */
export function sentence(all: readonly Streak[], words: Words): string {
  const runs = joined(all, ({correct}) => correct);
  const right = runs.filter(({correct}) => correct);
  const [first, last] = [right[0], runs.at(-1)];
  if (!last) return '';
  if (!first) return neverRight(all, words);
  const learned = first.from === runs[0]!.from ? 'Right from the start' : `Learned at ${words(first.from)}`;
  const why = reason(all, words);
  if (right.length === 1) return last.correct ? `${learned}${why}` : `${learned}${why}, forgotten at ${words(last.from)}`;
  if (!last.correct) return `${learned}${why}, forgotten at ${words(last.from)} after ${runs.length - 1} changes`;
  if (right.length === 2) return `${learned}, wrong from ${words(first.to + 1)}, right again from ${words(last.from)}${why}`;
  return `${learned}, right again from ${words(last.from)} after ${runs.length - 1} changes${why}`;
}

/** Text of the state of a sample, for who cannot see the strip. */
export function stateWords({correct, on}: State, isMasked: boolean): string {
  const outcome = correct ? 'right' : 'wrong';
  return isMasked ? `${outcome}, evidence ${on ? 'on the object' : 'elsewhere'}` : outcome;
}

