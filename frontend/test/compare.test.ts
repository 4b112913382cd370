import {expect, test, vi} from 'vitest';
import type {MapTag, RunData} from '../src/api';
import {placeText, readPlace} from '../src/store/attention';
import {sameSample} from '../src/store/predictions';
import {sides, swapSides, usualSides} from '../src/store/selection';
import {inSlices, mostSamples} from '../src/views/compare/all_figures';
import {merged} from '../src/views/compare/curves';
import {sorted} from '../src/views/compare/list_order';
import {commonMetrics} from '../src/views/compare/metrics';
import {gridNote} from '../src/views/compare/notes';
import {closestTag, usualA, usualB} from '../src/views/compare/usual_sides';
import {rowsWithin} from '../src/views/compare/use_window';
import {column, share} from '../src/views/compare/words';

function tagOf(tag: string, records: number, more: object = {}): MapTag {
  const [explainer, , target = null] = tag.split('/');
  const facts = {explainer, title: explainer, target, layer: null, settings: {}, facts: {}, shape: [4, 4, 1], ...more};
  return {tag, kind: 'attribution', ranges: [[0, records]], facts, columns: {sample: [0], channel: [null], target: [null]}} as unknown as MapTag;
}

function runOf(run: string, tags: MapTag[], hashes = ['x', 'y'], records = 4): RunData {
  const steps = Array.from({length: records}, (_, i) => 10 * i);
  return {run, version: '', steps, tags, samples: {count: hashes.length, hashes}} as unknown as RunData;
}

const CAM = 'GradCAM/conv/label';
const ONE = runOf('one', [tagOf(CAM, 4), tagOf('Occlusion/input/label', 4)]);
const TWO = runOf('two', [tagOf(CAM, 4)]);

test('without a choice A is the shown run and B the next one with the same maps', () => {
  const a = usualA(ONE, [ONE.tags[0] as MapTag], null)!;
  expect(a).toEqual({run: 'one', tag: CAM, step: null});
  expect(usualB(a, [ONE, runOf('none', []), TWO])).toEqual({run: 'two', tag: CAM, step: null});
  expect(usualB({...a, step: 20}, [TWO, ONE])).toEqual({run: 'two', tag: CAM, step: 20});
});

test('a run without any of the samples is nothing to compare with', () => {
  const stranger = runOf('three', [tagOf(CAM, 4)], ['z']);
  expect(usualB({run: 'one', tag: CAM, step: null}, [ONE, stranger])).toEqual({run: 'one', tag: CAM, step: 0});
});

test('a single run is compared with its own first record, or from there with its last', () => {
  const a = {run: 'one', tag: CAM, step: null};
  expect(usualB(a, [ONE])).toEqual({...a, step: 0});
  expect(usualB({...a, step: 30}, [ONE])).toEqual({...a, step: 0});
  expect(usualB({...a, step: 0}, [ONE])).toEqual({...a, step: 30});
});

test('a single record is compared with other maps, and alone with nothing', () => {
  const first = runOf('one', [tagOf(CAM, 1), tagOf('Occlusion/input/label', 1)], ['x'], 1);
  const a = {run: 'one', tag: CAM, step: null};
  expect(usualB(a, [first])).toEqual({...a, tag: 'Occlusion/input/label'});
  expect(usualB(a, [runOf('one', [tagOf(CAM, 1)], ['x'], 1)])).toBe(null);
});

test('a run without the maps shows those of the same explainer and target', () => {
  const other = runOf('vit', [tagOf('Occlusion/input/label', 4), tagOf('GradCAM/block/label', 4)]);
  expect(closestTag(other, CAM, ONE.tags[0] as MapTag)?.tag).toBe('GradCAM/block/label');
  expect(closestTag(other, 'gone')?.tag).toBe('Occlusion/input/label');
});

test('sides that nobody chose are swapped too', () => {
  usualSides.a.value = {run: 'one', tag: CAM, step: null};
  usualSides.b.value = {run: 'two', tag: CAM, step: 3};
  swapSides();
  expect([sides.a.value?.run, sides.b.value?.run]).toEqual(['two', 'one']);
  swapSides();
  expect([sides.a.value, sides.b.value]).toEqual([usualSides.a.value, usualSides.b.value]);
});

test.each([['head', 3], ['head', null], ['query', -1]] as const)('a %s of %s survives the link', (name, place) => {
  expect(readPlace(name, placeText(place))).toEqual({[name]: place});
});

test('without a choice of its own a side takes that of all views', () => {
  expect(readPlace('head', placeText(undefined))).toEqual({});
});

test('of samples with the same content each finds its own', () => {
  const [a, b] = [runOf('a', [], ['x', 'y', 'x', 'w']), runOf('b', [], ['y', 'x', 'x'])];
  expect([0, 1, 2, 3].map((sample) => sameSample(a, sample, b))).toEqual([1, 0, 2, null]);
});

const figures = new Map([
  [0, {drift: 0.5, overlap: 0.9, norm: 0.2}],
  [1, {drift: 1.1, overlap: 0.3, norm: 0.7}],
  [2, {drift: null, overlap: 0.1, norm: null}],
]);
const entries = [{a: 0, name: 'img10'}, {a: 1, name: 'img9'}, {a: 2, name: 'img2'}, {a: 3, name: 'img1'}];

test.each([
  ['drift', [1, 0, 2, 3]],
  ['overlap', [2, 1, 0, 3]],
  ['norm', [1, 0, 2, 3]],
  ['name', [3, 2, 1, 0]],
] as const)('by %s the samples that differ most come first', (order, expected) => {
  expect(sorted(entries, figures, order).map(({a}) => a)).toEqual(expected);
});

test('curves of both sides share an axis without making up values', () => {
  const a = {places: [0, 1, 2], values: [1, null, 3]};
  const b = {places: [1, 4], values: [5, 6]};
  expect(merged([a, b])).toEqual({places: [0, 1, 2, 4], lines: [[1, null, 3, undefined], [undefined, 5, undefined, 6]]});
});

test('metrics come from the records, those that say most first', () => {
  const a = tagOf(CAM, 1, {facts: {metrics: {own: {title: 'Own'}, strength: {title: 'Strength', range: [0, null]}}}});
  const b = tagOf(CAM, 1, {facts: {metrics: {relevance_mass: {title: 'Mass on the object', range: [0, 1]}}}});
  const found = commonMetrics(a, b);
  expect(found.map(({title}) => title)).toEqual(['Mass on the object', 'Strength', 'Own']);
  expect(found.map(({ends}) => ends)).toEqual([[0, 1], [0, null], [null, null]]);
});

test('different grids are told', () => {
  const fine = tagOf(CAM, 1, {shape: [8, 8, 1]});
  expect(gridNote(tagOf(CAM, 1), tagOf(CAM, 1))).toBe('');
  expect(gridNote(tagOf(CAM, 1), fine)).toContain('A has 4 × 4 cells, B 8 × 8: A is interpolated to 8 × 8');
});

test.each([[0.084, '0.08', '.08'], [-0.125, '\u22120.13', '\u2212.13'], [-0.001, '0.00', '.00'], [1, '1.00', '1.00'], [null, '–', '']])('the figure %f', (value, inColumn, alone) => {
  expect(column(value)).toBe(inColumn);
  if (value !== null) expect(share(value)).toBe(alone);
});

test('rows in sight have spare ones around them, and a list out of sight has none', () => {
  expect(rowsWithin(600, 900, 60, 64)).toEqual({first: 8, last: 17});
  expect(rowsWithin(0, 300, 60, 4)).toEqual({first: 0, last: 3});
  expect(rowsWithin(0, -200, 60, 64)).toEqual({first: 0, last: -1});
});

test('work in slices gives way, comes to its end, and can be stopped before', () => {
  vi.useFakeTimers();
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const [seen, done] = [[] as number[], vi.fn()];
  const work = (item: number) => {
    seen.push(item);
    clock += 4;
  };
  inSlices([1, 2, 3, 4, 5], work, done);
  vi.runOnlyPendingTimers();
  expect([seen, done.mock.calls.length]).toEqual([[1, 2], 0]);
  vi.runAllTimers();
  expect([seen, done.mock.calls.length]).toEqual([[1, 2, 3, 4, 5], 1]);
  inSlices([6, 7, 8], work, done)();
  vi.runAllTimers();
  expect([seen.length, done.mock.calls.length]).toEqual([5, 1]);
  vi.useRealTimers();
});

test('very many samples do not push each other out of memory', () => {
  expect(mostSamples(2 ** 20, 2 ** 20)).toBe(16 * 24);
  expect(mostSamples(2 ** 30, 1)).toBe(16);
});
