// What the chosen runs can fill the view with.
import {computed} from '@preact/signals';
import type {MapTag, RunData} from '../../api';
import {metricsOf} from '../../store/metrics';
import {isStatistics, shown} from '../../store/runs';
import {cardsOf, countWords, pickCards, sampleTags, type Card} from './cards';
import {caution} from '../layers/statistics';
import type {Subject} from './curves';
import {chosenData} from './moment';
import {chosenCharts, curveLayer, wantedTag} from './state';

export const RADAR = 'radar';

export const LIKENESS = 'likeness';

const LIKENESS_CARD: Card = {
  id: LIKENESS, kind: 'layer', name: LIKENESS, title: 'Layers alike', better: null, ends: [null, 1], cost: '', every: 1, usual: true,
  paper: 'https://arxiv.org/abs/1905.00414', about: 'How alike layers are to each other in what samples are told apart by: debiased linear CKA of their pooled outputs.',
};

const RADAR_CARD: Card = {
  id: RADAR, kind: 'map', name: RADAR, title: 'Shortcut radar', better: null, ends: [0, 1], cost: '', every: 1, paper: '', usual: true,
  about: 'Share of the mean map of each class that lies within one place, a quarter as wide and high as the picture. Maps that are equal everywhere have .06.',
};

/** Tags that can be asked for: those with metrics, or, in runs without any, all with maps over samples. */
export const tags = computed<MapTag[]>(() => {
  const all = shown.value ? sampleTags(shown.value) : [];
  const measured = all.filter((tag) => Object.keys(metricsOf(tag)).length > 0);
  return measured.length ? measured : all;
});

/** The tag whose metrics are drawn. */
export const tag = computed<MapTag | null>(() => tags.value.find(({tag: name}) => name === wantedTag.value) ?? tags.value[0] ?? null);

const statisticsTag = computed(() => shown.value?.tags.find(isStatistics));

/** Layers with figures. */
export const layers = computed<string[]>(() => statisticsTag.value?.facts.layers ?? []);

export const subject = computed<Subject>(() => ({
  tag: tag.value,
  layer: layers.value.find((layer) => layer === curveLayer.value) ?? null,
}));

const hasRadar = (run: RunData | null): boolean =>
  run !== null && tag.value !== null && (run.samples?.labels.some((label) => label !== null) ?? false);

/** Whether the shown run compares layers with each other. */
const hasLikeness = (): boolean => (statisticsTag.value?.facts.compared?.length ?? 0) > 1;

/** All charts that could be shown. */
export const allCards = computed<Card[]>(() => [
  ...cardsOf(chosenData.value, tag.value), ...(hasLikeness() ? [LIKENESS_CARD] : []), ...(hasRadar(shown.value) ? [RADAR_CARD] : []),
]);

export const cards = computed<Card[]>(() => pickCards(allCards.value, chosenCharts.value));

/** Whether any chosen run has metrics of maps. */
export const hasMetrics = computed(() => allCards.value.some(({kind, id}) => kind === 'map' && id !== RADAR));
export const hasMetricsOfObject = computed(() => allCards.value.some(({name}) => name === 'relevance_mass'));
export const hasStatistics = computed(() => allCards.value.some(({kind}) => kind === 'layer'));

/** What the curves of a chart are of: a short form, and the rest of a long one. */
export function ofWords(card: Card, runs: readonly RunData[]): [short: string, rest: string] {
  const {tag: chosen, layer} = subject.value;
  if (card.kind === 'map') return chosen ? [titleOf(chosen), ', all samples'] : ['', ''];
  if (card.kind === 'sample') return [`of ${countWords(runs)}`, ''];
  if (card.kind === 'layer') return [[caution(card.name, statisticsTag.value?.facts.samples), layer ?? 'each layer'].filter(Boolean).join(': '), layer ? '' : ', and their mean'];
  return ['log of training', ''];
}

/** Explainer, and what tells the tag from others of it. */
export function titleOf({facts, tag: name}: MapTag): string {
  const namesakes = tags.value.filter((other) => other.facts.title === facts.title);
  if (namesakes.length < 2) return facts.title;
  const targets = new Set(namesakes.map((other) => other.facts.target));
  const layers = new Set(namesakes.map((other) => other.facts.layer));
  const parts = [targets.size > 1 && facts.target, layers.size > 1 && facts.layer].filter(Boolean);
  return parts.length && parts.length < namesakes.length ? `${facts.title}, ${parts.join(', ')}` : name;
}
