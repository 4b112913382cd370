import {expect, test} from 'vitest';
import type {MapTag, RunData} from '../src/api';
import {isPicture} from '../src/records/facts';
import type {StoredMap} from '../src/records/maps';
import {rgbColours} from '../src/render/paint';
import {costOf, costWords, secondsText} from '../src/store/cost';
import {explainersOf} from '../src/store/explainers';
import {metricsOf} from '../src/store/metrics';
import {recordedEvery} from '../src/store/steps';
import {figureWords} from '../src/views/samples/figure_words';

interface TagSettings {
  layer?: string;
  title?: string;
  facts?: Record<string, unknown>;
  seconds?: number;
  ranges?: [number, number][];
}

const tagOf = ({layer = 'conv', title = 'Grad-CAM', facts = {}, seconds = 0.25, ranges = []}: TagSettings): MapTag =>
  ({
    tag: `${title}/${layer}`, kind: 'attribution', ranges, columns: {sample: [], channel: [], target: []},
    facts: {explainer: title, title, paper: '', settings: {}, layer, target: 'label', facts, seconds},
  }) as unknown as MapTag;
const runOf = (tags: MapTag[], seconds: Record<string, (number | null)[]> = {}) =>
  ({tags, steps: [0, 1, 2, 3, 4, 5], progress: {seconds}, structure: {path: ['layer_2', 'layer_10']}}) as unknown as RunData;

test('layers of one explainer are one entry, in the order of execution', () => {
  const [entry, ...others] = explainersOf(runOf([tagOf({layer: 'layer_10'}), tagOf({layer: 'layer_2'})]));
  expect(others).toEqual([]);
  expect(entry!.tags.map(({facts}) => facts.layer)).toEqual(['layer_2', 'layer_10']);
});

test('an explainer carries the caution of its maps', () => {
  const caution = 'It fails sanity checks.';
  const run = runOf([tagOf({title: 'Guided backpropagation', facts: {caution}}), tagOf({})]);
  expect(explainersOf(run).map((entry) => entry.caution)).toEqual([caution, null]);
});

test.each([
  ['https://arxiv.org/abs/1610.02391', 'https://arxiv.org/abs/1610.02391'],
  ['javascript:alert(1)', ''],
  ['data:text/html,<script>alert(1)</script>', ''],
  ['/elsewhere', ''],
  [7, ''],
])('the paper of an explainer and of a metric is a link to the web or none: %s', (paper, link) => {
  const tag = tagOf({facts: {metrics: {drift: {title: 'Drift', paper}}}});
  (tag.facts as {paper: unknown}).paper = paper;
  expect(explainersOf(runOf([tag]))[0]!.paper).toBe(link);
  expect(metricsOf(tag)['drift']!.paper).toBe(link);
});

test('a record costs what most records of its explainer cost', () => {
  const tag = tagOf({facts: {forwards: 800, backwards: 1}});
  const cost = costOf(runOf([tag], {'Grad-CAM': [9, null, 0.12, 0.12, 0.125]}), tag);
  expect(cost.seconds).toBe(0.125);
  expect(costWords({...cost, seconds: 0.12})).toBe('0.12 s per record, 800 forward passes, 1 backward pass');
});

test('of several layers each has its own cost, beside that of all', () => {
  const tags = [tagOf({layer: 'layer_2'}), tagOf({layer: 'layer_10', seconds: 0.5})];
  const cost = costOf(runOf(tags, {'Grad-CAM': [0.75, 0.75]}), tags[1]!);
  expect(costWords(cost)).toBe('0.50 s per record, 0.75 s with its other layers and targets');
});

test.each([
  [0.0002, 'under 1 ms'], [0.012, '12 ms'], [0.0996, '0.10 s'], [3.44, '3.4 s'], [75, '75 s'],
])('%d seconds are written as %s', (seconds, words) => {
  expect(secondsText(seconds)).toBe(words);
});

test('an explainer that is recorded less often is told from one with a gap', () => {
  const every = (ranges: [number, number][]) => {
    const tag = tagOf({ranges});
    return recordedEvery(runOf([tag]), tag);
  };
  expect(every([[0, 1], [2, 1], [4, 1]])).toBe(2);
  expect(every([[0, 3], [5, 1]])).toBe(null);
  expect(every([[0, 6]])).toBe(null);
  expect(every([[0, 1]])).toBe(null);
});

test('figures of a map have names', () => {
  expect(figureWords({figures: {completeness: 0.004, r2: 0.93, evidence_left: 2, none: null}})).toBe(
    'completeness gap .004, R² of the fit .93, evidence left 2',
  );
  expect(figureWords({figures: {query: -1, elsewhere: 0.25}})).toBe('25\u202f% of the attention on class and register tokens');
  expect(figureWords({figures: {}})).toBe('');
  const facts = {facts: {metrics: {drift: {title: 'Drift'}}}} as unknown as MapTag['facts'];
  expect(figureWords({figures: {drift: 0.5, r2: 0.93}, facts})).toBe('R² of the fit .93');
});

test('only maps that say so are pictures', () => {
  const maps = (facts: Record<string, unknown>, channels: number) => isPicture({facts, shape: [4, 4, channels]});
  expect([maps({picture: true}, 3), maps({picture: true}, 1), maps({}, 3)]).toEqual([true, false, false]);
});

test('a picture around zero is shown as it is, whatever its largest value', () => {
  const values = new Uint8Array([128 + 127, 128, 1]);
  const map: StoredMap = {values, rows: 1, cols: 1, channels: 3, signed: true, zero: 128, levels: 127, unit: 0.5 / 127, scale: 0.5, p99: 0.5};
  const [colour] = rgbColours(map, {top: 1, cells: true});
  const levels = [colour! & 255, (colour! >> 8) & 255, (colour! >> 16) & 255];
  expect(levels).toEqual([191, 128, 64]);
});

test('explainers stand in the order in which they were asked for', () => {
  const tags = ['Attention', 'Grad-CAM', 'Occlusion'].map((title) => tagOf({title}));
  const run = runOf(tags, {Occlusion: [1], 'Grad-CAM': [1]});
  expect(explainersOf(run).map(({title}) => title)).toEqual(['Occlusion', 'Grad-CAM', 'Attention']);
});
