import {beforeEach, expect, test} from 'vitest';
import type {MapTag} from '../src/api';
import {attentionShown, chooseAttention, chooseHead, chooseQuery, headOf, queryOf, shownMap, showsAllHeads} from '../src/store/attention';
import {applyLink, linkState} from '../src/store/link';
import {metricsOf, type Metric} from '../src/store/metrics';
import {columnsWith, directionWords, inSentence, keyWords, lowestFirst, measuredTag, metricsIn, turned} from '../src/views/samples/metric_sort';
import {meets, readFilter} from '../src/views/samples/conditions';
import {arrange, pinnedFirst, type Row} from '../src/views/samples/order';
import {nearestQuery, nextQuery, pickedTag} from '../src/views/samples/query_pick';
import type {Column} from '../src/views/samples/state';

const DRIFT = {title: 'Drift', better: 'lower', range: [0, 2], about: 'How far it moved.', paper: ''};
const MASS = {title: 'Relevance mass', better: 'higher', range: [0, 1], about: '', cost: 'Nothing.', paper: ''};
const {range: _, ...READ} = MASS;

const columnOf = (title: string, metrics: unknown): Column => {
  const tag = {tag: title, kind: 'attribution', columns: {sample: []}, facts: {title, target: 'label', layer: null, facts: {metrics}}};
  return {tag: tag as unknown as MapTag, explainer: {key: title, title} as Column['explainer']};
};
const columns = [columnOf('Occlusion', undefined), columnOf('Grad-CAM', {drift: DRIFT}), columnOf('Saliency', {drift: DRIFT, relevance_mass: MASS})];

beforeEach(() => applyLink({}));

test('the metrics of a tag are those that its record describes', () => {
  expect(columns.map(({tag}) => Object.keys(metricsOf(tag)))).toEqual([[], ['drift'], ['drift', 'relevance_mass']]);
  expect(metricsOf(columns[2]!.tag)['relevance_mass']).toEqual({...READ, name: 'relevance_mass', every: 1, ends: [0, 1], cost: 'Nothing.'});
});

test.each([
  ['a word', 'drift'],
  ['a list', []],
  ['no titles', {drift: {range: 'all', better: 'best'}, other: null}],
])('metrics described by %s do no harm', (_, metrics) => {
  const found = Object.values(metricsOf(columnOf('Grad-CAM', metrics).tag));
  expect(found.every(({title, better, ends}) => title === 'drift' && better === null && ends.every((end) => end === null))).toBe(true);
});

test('what can be sorted by is what any column records, once', () => {
  expect(metricsIn(columns).map(({name}) => name)).toEqual(['drift', 'relevance_mass']);
  expect(columnsWith([...columns, columns[1]!], 'drift').map(({tag}) => tag.tag)).toEqual(['Grad-CAM', 'Saliency']);
});

test('the first explainer is measured, or the one that was chosen', () => {
  expect(measuredTag(columns, 'drift')?.tag).toBe('Grad-CAM');
  applyLink({of: 'Saliency'});
  expect(measuredTag(columns, 'drift')?.tag).toBe('Saliency');
  expect(measuredTag(columns, 'nothing')).toBe(null);
});

test('the worst comes first, unless the order is turned round', () => {
  const [drift, mass] = metricsIn(columns) as [Metric, Metric];
  expect([drift, mass].map(lowestFirst)).toEqual([false, true]);
  expect([drift, mass].map(directionWords)).toEqual(['highest first', 'lowest first']);
  turned.value = true;
  expect([drift, mass].map(directionWords)).toEqual(['lowest first', 'highest first']);
});

test('a metric is printed with its value', () => {
  const [drift, mass] = metricsIn(columns) as [Metric, Metric];
  expect([keyWords(drift, 0.61), keyWords(mass, null)]).toEqual(['drift .61', 'relevance mass –']);
  expect(inSentence({...drift, title: 'IoU'})).toBe('IoU');
});

const row = (sample: number, value: number | null, letters = 'r'): Row => {
  const history = [...letters].map((letter) => ({predicted: 1, probability: 0.5, correct: letter === 'r', score: null}));
  return {sample, name: `img${sample}`, label: 1, labelName: 'one', history, now: history.at(-1)!, record: history.length - 1, value, on: sample > 1};
};
const rows = [row(0, 0.2), row(1, null), row(2, 0.9), row(3, 0.5), row(4, null)];
const none = {words: '', outcome: 'any', label: null} as const;
const samplesOf = (all: readonly Row[]) => all.map(({sample}) => sample);

test('rows are sorted by a metric, those without a value behind', () => {
  expect(samplesOf(arrange(rows, none, 'metric'))).toEqual([2, 3, 0, 1, 4]);
  expect(samplesOf(arrange(rows, none, 'metric', true))).toEqual([0, 3, 2, 1, 4]);
});

test('pinned rows stay on top of any order', () => {
  expect(samplesOf(pinnedFirst(arrange(rows, none, 'metric'), (sample) => sample === 4 || sample === 3))).toEqual([3, 4, 2, 0, 1]);
  expect(samplesOf(pinnedFirst(rows, () => false))).toEqual([0, 1, 2, 3, 4]);
});

test('right for the wrong reason, and freshly flipped, can be filtered', () => {
  expect(samplesOf(arrange(rows, {...none, outcome: 'reason'}, 'recorded'))).toEqual([0, 1]);
  const lost = [row(0, null, 'rrrrrw'), row(1, null, 'rwwwww'), row(2, null, 'rrrrrr')];
  expect(samplesOf(arrange(lost, {...none, outcome: 'flipped'}, 'recorded'))).toEqual([0]);
  expect(samplesOf(arrange(lost, {...none, outcome: 'forgotten'}, 'recorded'))).toEqual([0, 1]);
});

/** A tag of attention on 4 x 4 patches. */
function attention(layer: string | null, heads: (number | null)[], queries: (number | null)[]): MapTag {
  const maps = heads.flatMap((head) => queries.map((query) => ({head, query})));
  const columns = {sample: maps.map(() => 0), channel: maps.map(({head}) => head), target: maps.map(() => null), query: maps.map(({query}) => query)};
  return {tag: `Attention/${layer}`, kind: 'attention', ranges: [], columns, facts: {title: 'Attention', layer, facts: {}, native: [4, 4], shape: [4, 4, 1]}} as unknown as MapTag;
}

test('a few layers of attention stand side by side, of many the last', () => {
  const layers = ['a', 'b', 'c', 'd', null].map((layer) => attention(layer, [null], [null]));
  const shown = (all: MapTag[]) => attentionShown(all).map(({facts}) => facts.layer);
  expect(shown(layers.slice(0, 3))).toEqual(['a', 'b', 'c']);
  expect(shown(layers)).toEqual(['d', null]);
  chooseAttention('Attention/b');
  expect(shown(layers)).toEqual(['b']);
  chooseAttention('all');
  expect(shown(layers)).toEqual(['a', 'b', 'c', 'd', null]);
});

test('all heads can stand side by side, and other views show the first', () => {
  const tag = attention('a', [null, 0, 1], [-1, 5]);
  chooseHead(tag, 'all');
  expect(showsAllHeads(tag)).toBe(true);
  expect(headOf(tag)).toBe(null);
  expect([null, 0, 1].map((head) => shownMap(tag, 0, {head}))).toEqual([0, 2, 4]);
  expect(linkState()).toEqual({heads: encodeURIComponent('all@Attention/a')});
  chooseHead(tag, 1);
  expect(showsAllHeads(tag)).toBe(false);
});

const picked = attention('a', [null], [-1, 0, 3, 5, 15]);

test('a click takes the recorded query that is nearest', () => {
  expect(nearestQuery(picked, 0.3, 0.35)).toBe(5);
  expect(nearestQuery(picked, 0.99, 0.01)).toBe(3);
  expect(pickedTag([{tag: picked} as Column])).toBe(picked);
  expect(pickedTag([{tag: attention('a', [null], [-1])} as Column])).toBe(null);
});

test('arrows move the query over the picture', () => {
  expect(nextQuery(picked, -1, [1, 0])).toBe(5);
  expect(nextQuery(picked, 0, [1, 0])).toBe(3);
  expect(nextQuery(picked, 5, [0, 1])).toBe(15);
  expect(nextQuery(picked, 15, [0, 1])).toBe(15);
  expect(nextQuery(picked, 5, [-1, 0])).toBe(0);
  chooseQuery(15);
  expect(queryOf(picked)).toBe(15);
});

const NAMES = ['confidence', 'drift', 'relevance_mass', 'Relevance mass'];

test.each([
  ['seven', 'seven', []],
  ['drift > .3', '', [['drift', '>', 0.3]]],
  ['seven drift>.3 confidence <= 60 %', 'seven', [['drift', '>', 0.3], ['confidence', '<=', 0.6]]],
  ['relevance mass<0.5', '', [['Relevance mass', '<', 0.5]]],
  ['adrift > 3', 'adrift > 3', []],
  ['width < 3', 'width < 3', []],
  ['a < b', 'a < b', []],
])('the filter %s is read', (text, words, conditions) => {
  const found = readFilter(text, NAMES);
  expect(found.words).toBe(words);
  expect(found.conditions.map(({name, sign, value}) => [name, sign, value])).toEqual(conditions);
});

test('an unknown value meets no condition', () => {
  const below = {name: 'drift', sign: '<', value: 0.5} as const;
  expect([0.4, 0.5, null].map((value) => meets(below, value))).toEqual([true, false, false]);
  expect(meets({...below, sign: '>='}, 0.5)).toBe(true);
});
