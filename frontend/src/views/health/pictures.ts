// The maps that stand beside a place of a chart: of the samples that the figure there is mostly about.
import type {MapTag, RunData} from '../../api';
import {mapsOfSample} from '../../store/maps';
import {predictionsOf, type Predictions} from '../../store/predictions';
import {isMaps} from '../../store/runs';
import {lastNotAbove} from '../../store/steps';
import {matchingTag, sampleTags, type Card} from './cards';
import {curvesOf, metricsAt, type Subject} from './curves';

export interface Shot {
  tag: MapTag;
  map: number;
  /** `null` for maps that are drawn alone, such as channels. */
  sample: number | null;
  value: number | null;
}

const MOST = 3;

interface Ranked {
  sample: number;
  value: number | null;
  /** What is largest comes first. */
  rank: number;
}

const firstOf = (all: readonly Ranked[]): Ranked[] =>
  all.filter(({rank}) => Number.isFinite(rank)).toSorted((a, b) => b.rank - a.rank).slice(0, MOST);

interface Valued {
  map: number;
  value: number;
  /** How far it is from the record before. */
  change: number;
}

/** The two worst maps and the best one; where neither end is better, those that changed most. */
export function tellingMaps(all: readonly Valued[], better: Card['better']): Valued[] {
  const byChange = all.toSorted((a, b) => b.change - a.change);
  if (!better) return byChange.slice(0, MOST);
  const sign = better === 'higher' ? 1 : -1;
  const sorted = byChange.sort((a, b) => sign * (a.value - b.value));
  return sorted.length > MOST ? [...sorted.slice(0, MOST - 1), sorted.at(-1)!] : sorted;
}

function byMetric(card: Card, run: RunData, tag: MapTag, step: number): Shot[] {
  const known = metricsAt(run, tag, card.name);
  if (known.status !== 'ready') return [];
  const {at, steps} = known.value;
  const before = steps[lastNotAbove(steps, step) - 1];
  const valued = tag.columns.sample.flatMap((_, map) => {
    const value = at(card.name, step, map);
    const past = before === undefined ? null : at(card.name, before, map);
    return value === null ? [] : [{map, value, change: past === null ? 0 : Math.abs(value - past)}];
  });
  return tellingMaps(valued, card.better).map(({map, value}) => ({tag, map, sample: tag.columns.sample[map] ?? null, value}));
}

/** By predictions: the samples that turned wrong there, or whose probability changed most. */
export function rankSamples(known: Predictions, record: number, kind: Card['kind']): Ranked[] {
  const before = Math.max(0, record - 1);
  const all = Array.from({length: known.samples}, (_, sample) => {
    const [now, past] = [known.outcome(record, sample), known.outcome(before, sample)];
    const [value, earlier] = [known.curve(sample)[record] ?? null, known.curve(sample)[before] ?? null];
    const change = value === null || earlier === null ? 0 : Math.abs(value - earlier);
    if (kind === 'log') return {sample, value, rank: change};
    const turned = past.correct === true && now.correct === false;
    return {sample, value, rank: now.correct === false ? (turned ? 2 : 1) + change : NaN};
  });
  return firstOf(all);
}

function byPrediction(card: Card, run: RunData, tag: MapTag, step: number): Shot[] {
  const known = predictionsOf(run);
  const record = known?.status === 'ready' ? known.value.recordAt(step) : -1;
  if (known?.status !== 'ready' || record < 0) return [];
  return rankSamples(known.value, record, card.kind).flatMap(({sample, value}) => {
    const map = mapsOfSample(tag, sample)[0];
    return map === undefined ? [] : [{tag, map, sample, value}];
  });
}

/** The layers with the largest figures at a step; those at 0 have nothing to show. */
export function layersAt(card: Card, run: RunData, subject: Subject, step: number): {layer: string; value: number}[] {
  const known = curvesOf(card, run, subject);
  if (known.status !== 'ready') return [];
  const values = known.value.flatMap(({name, steps, values: all}) => {
    const value = all[lastNotAbove(steps, step)];
    const layer = name || subject.layer;
    return layer && value ? [{layer, value}] : [];
  });
  return values.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST);
}

/** By layer: a channel of each of those with the largest figures. */
function byLayer(card: Card, run: RunData, subject: Subject, {sample, step}: {sample: number; step: number}): Shot[] {
  return layersAt(card, run, subject, step).flatMap(({layer, value}) => {
    const tag = run.tags.filter(isMaps).find(({kind, facts}) => kind === 'activation' && facts.layer === layer);
    const map = tag && mapsOfSample(tag, sample)[0];
    return tag && map !== undefined ? [{tag, map, sample: null, value}] : [];
  });
}

/** Maps that show what a chart says about a run at a step; subscribes the caller. */
export function shotsAt(card: Card, run: RunData, subject: Subject, {sample, step}: {sample: number; step: number}): Shot[] {
  if (card.kind === 'layer') return byLayer(card, run, subject, {sample, step});
  const tag = (subject.tag && matchingTag(run, subject.tag)) ?? sampleTags(run)[0];
  if (!tag) return [];
  return card.kind === 'map' ? byMetric(card, run, tag, step) : byPrediction(card, run, tag, step);
}
