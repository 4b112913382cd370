// Which charts the chosen runs can fill.
import type {MapTag, RunData} from '../../api';
import {NO_ENDS} from '../../charts/series';
import {explainersOf} from '../../store/explainers';
import {metricsOf, type Metric, type Reading} from '../../store/metrics';
import {isPrediction, isStatistics} from '../../store/runs';
import {STATISTIC_NAMES, STATISTICS} from '../layers/statistics';

export type CardKind = 'map' | 'sample' | 'layer' | 'log';

/** One chart: what it is about, and how it is read. */
export interface Card extends Reading {
  /** Word in the deep link. */
  id: string;
  kind: CardKind;
  /** Name of the figure where it is recorded. */
  name: string;
  /** Whether it is shown as long as nobody has chosen. */
  usual: boolean;
}

const SHARE = [0, 1] as const;
const CORRELATION = [-1, 1] as const;
/** Metrics that come first, if they are there. */
const FIRST = ['relevance_mass', 'drift', 'control', 'sparseness'];
/** Metrics that say much the same as another one. */
const RARE = new Set(['relevance_near', 'relevance_rank', 'pointing_game', 'overlap', 'drift_to_last']);

const make = (kind: CardKind, name: string, rest: Partial<Card> & Pick<Card, 'title'>): Card => ({
  id: `${kind}.${name}`, kind, name, better: null, ends: NO_ENDS, about: '', cost: '', paper: '', every: 1, usual: false, ...rest,
});

/** Tags of a run whose maps lie over samples, in the order of their explainers. */
export const sampleTags = (run: RunData): MapTag[] => explainersOf(run).flatMap(({tags}) => tags);

/** The tag of a run that goes with a tag of another: of the same name, or of the same explainer and target. */
export function matchingTag(run: RunData, wanted: MapTag): MapTag | null {
  const tags = sampleTags(run);
  const {explainer, target} = wanted.facts;
  const same = tags.filter(({facts}) => facts.explainer === explainer);
  return (
    tags.find(({tag}) => tag === wanted.tag) ??
    same.find(({facts}) => facts.target === target && JSON.stringify(facts.settings) === JSON.stringify(wanted.facts.settings)) ??
    same.find(({facts}) => facts.target === target) ?? same[0] ?? null
  );
}

function metricCards(runs: readonly RunData[], tag: MapTag | null): Card[] {
  const known = new Map<string, Metric>();
  for (const run of tag ? runs : []) {
    const match = matchingTag(run, tag!);
    for (const metric of match ? Object.values(metricsOf(match)) : []) {
      if (!known.has(metric.name)) known.set(metric.name, metric);
    }
  }
  const place = ({name}: Metric) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...known.values()].sort((a, b) => place(a) - place(b)).map((metric) =>
    make('map', metric.name, {...metric, usual: !RARE.has(metric.name)}),
  );
}

function sampleCards(runs: readonly RunData[]): Card[] {
  const judged = runs.some((run) => run.tags.some(isPrediction) && run.samples?.labels.some((label) => label !== null));
  if (!judged) return [];
  return [
    make('sample', 'wrong', {title: 'Samples wrong', better: 'lower', usual: true, about: 'Samples whose predicted class is not the label.'}),
    make('sample', 'forgotten', {title: 'Samples forgotten', better: 'lower', usual: true, about: 'Samples that were right at an earlier record and are wrong now.'}),
    make('sample', 'flips', {title: 'Flips', better: 'lower', ends: SHARE, about: 'Share of samples whose predicted class is another one than at the last record.'}),
    make('sample', 'confidence', {title: 'Confidence', ends: SHARE, about: 'Mean probability of the predicted class.'}),
    make('sample', 'margin', {title: 'Margin', ends: SHARE, about: 'Mean probability of the predicted class less that of the runner-up: near 0 the model wavers between two classes.'}),
  ];
}

const USUAL_STATISTICS = new Set(['dead', 'change', 'cka']);

function layerCards(runs: readonly RunData[]): Card[] {
  const recorded = new Set(runs.flatMap((run) => run.tags.filter(isStatistics)).flatMap(({arrays}) => arrays?.map(({name}) => name) ?? []));
  return STATISTIC_NAMES.filter((name) => recorded.has(name)).sort((a, b) => Number(b === 'dead') - Number(a === 'dead')).map((name) => {
    const {title, meaning, share, fits} = STATISTICS[name];
    const about = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
    return make('layer', name, {title, about, ends: share ? SHARE : fits ? CORRELATION : NO_ENDS, better: name === 'dead' ? 'lower' : null, usual: USUAL_STATISTICS.has(name)});
  });
}

const isLoss = (name: string): boolean => /(^|_)loss$/.test(name);
const isAccuracy = (name: string): boolean => /(^|_)acc(uracy)?$/.test(name);
const USUAL_LOGS = new Set(['loss', 'accuracy', 'acc']);

function logTitle(name: string): string {
  const words = name.replace(/^val_/, 'validation ').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function logCards(runs: readonly RunData[]): Card[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.progress.logs)))];
  return names.map((name) => make('log', name, {
    title: logTitle(name), better: isLoss(name) ? 'lower' : isAccuracy(name) ? 'higher' : null,
    ends: isAccuracy(name) ? SHARE : NO_ENDS, about: `“${name}” as training reported it.`, usual: USUAL_LOGS.has(name),
  }));
}

/** All charts that the runs can fill, in the order in which they are shown. */
export function cardsOf(runs: readonly RunData[], tag: MapTag | null): Card[] {
  const maps = metricCards(runs, tag);
  return [...maps.slice(0, 2), ...layerCards(runs).slice(0, 1), ...maps.slice(2), ...sampleCards(runs), ...layerCards(runs).slice(1), ...logCards(runs)];
}

/** Which of them are shown: those that were chosen, or the usual ones. */
export function pickCards(all: readonly Card[], chosen: readonly string[]): Card[] {
  const picked = all.filter(({id}) => chosen.includes(id));
  return picked.length ? picked : all.filter(({usual}) => usual);
}

/** How a chart is read, in words. */
export const betterWords = ({better}: Card): string => (better ? `${better} is better` : '');

/** How many samples the runs have: 16, or 16-64 where they differ. */
export function countWords(runs: readonly RunData[]): string {
  const counts = runs.flatMap(({samples}) => samples?.count ?? []).sort((a, b) => a - b);
  return [...new Set([counts[0] ?? 0, counts.at(-1) ?? 0])].join('\u2013');
}
