import {expect, test} from 'vitest';
import type {MapTag, PredictionFacts} from '../src/api';
import {heights, spreadOf} from '../src/inspector/histogram';
import {controlFact, driftFact, massFact} from '../src/inspector/fact_words';
import {cellAt, moved, pixelWords, readingWords} from '../src/inspector/reading';
import {classLines, MOST_CLASSES} from '../src/inspector/top_classes';
import {tagTitle} from '../src/inspector/tag_title';
import type {StoredMap} from '../src/records/maps';
import {Predictions} from '../src/store/predictions';
import type {Table} from '../src/store/tables';

function mapOf(codes: number[], {cols, signed = false, scale = 1}: {cols: number; signed?: boolean; scale?: number}): StoredMap {
  const levels = signed ? 127 : 255;
  const common = {rows: codes.length / cols, cols, channels: 1, signed, scale, levels, p99: scale};
  return {...common, values: Uint8Array.from(codes), zero: signed ? 128 : 0, unit: scale / levels};
}

test('a place is read in pixels of the sample and in the value of the map', () => {
  const map = mapOf([0, 51, 102, 255], {cols: 2});
  expect(readingWords({x: 0.41, y: 0.33}, {rows: 64, cols: 64}, map)).toBe('x 26, y 21 · 0');
  expect(readingWords({x: 0.75, y: 0.75}, {rows: 64, cols: 64}, map)).toBe('x 48, y 48 · 1');
  expect(readingWords({x: 0, y: 1}, {rows: 10, cols: 20}, null)).toBe('x 0, y 9');
  expect(pixelWords({x: 0.9999, y: 0}, {rows: 3, cols: 3})).toBe('x 2, y 0');
});

test('keys move by a cell of the map and stop at its edge', () => {
  const grid = {rows: 4, cols: 8};
  const start = moved(null, 'ArrowLeft', grid)!;
  expect(cellAt(start, grid)).toEqual({row: 2, col: 4});
  expect(cellAt(moved(start, 'ArrowRight', grid)!, grid)).toEqual({row: 2, col: 5});
  expect(cellAt(moved(start, 'ArrowUp', grid, 4)!, grid)).toEqual({row: 0, col: 4});
  expect(cellAt(moved(start, 'ArrowRight', grid, 9)!, grid)).toEqual({row: 2, col: 7});
  expect(moved(start, 'a', grid)).toBeNull();
});

test('values are counted in bins, and those beyond the end of the scale', () => {
  const spread = spreadOf(mapOf([0, 0, 128, 255], {cols: 2}), 0.75, 4);
  expect(spread).toEqual({counts: [2, 0, 1, 1], low: 0, high: 1, cells: 4, beyond: 0.25});
  expect(spreadOf(mapOf([0, 255], {cols: 1}), 2, 4)).toMatchObject({counts: [1, 0, 1, 0], high: 2, beyond: 0});
});

test('values of signed maps are counted on both sides of zero', () => {
  const spread = spreadOf(mapOf([1, 128, 128, 255], {cols: 2, signed: true, scale: 2}), 1, 4);
  expect(spread).toEqual({counts: [1, 0, 2, 1], low: -2, high: 2, cells: 4, beyond: 0.5});
});

test('an empty map has one bar', () => {
  expect(spreadOf(mapOf([0, 0], {cols: 2, scale: 0}), 0, 4)).toMatchObject({counts: [2, 0, 0, 0], beyond: 0});
});

test('one cell is seen beside thousands', () => {
  const [most, one, none] = heights([4096, 1, 0]);
  expect(most).toBe(1);
  expect(one).toBeGreaterThan(0.05);
  expect(none).toBe(0);
});

/** Predictions of one sample; each record lists its classes and their probabilities. */
function predictionsOf(records: [number, number][][], label: number, own: number[]): Predictions {
  const shown = records[0]!.length;
  const row = (name: string, values: number[], shape: number[]) => [name, {values: Float32Array.from(values), shape}] as const;
  const facts: PredictionFacts = {kind: 'prediction', task: 'multiclass', classes: 10, output: null, targets: ['label']};
  const arrays = Object.fromEntries([
    row('predicted', records.map(([first]) => first![0]), [records.length, 1]),
    row('target', records.map(() => label), [records.length, 1, 1]),
    row('probability', own, [records.length, 1, 1]),
    row('top_class', records.flatMap((all) => all.map(([index]) => index)), [records.length, 1, shown]),
    row('top_probability', records.flatMap((all) => all.map(([, value]) => value)), [records.length, 1, shown]),
  ]);
  return new Predictions({steps: records.map((_, i) => i), facts, arrays, leftOut: []} as Table<PredictionFacts>);
}

test('the top classes of a record come first to last', () => {
  const known = predictionsOf([[[3, 0.5], [7, 0.25]], [[7, 0.75], [3, 0.125]]], 3, [0.5, 0.125]);
  expect(known.top(1, 0)).toEqual([{index: 7, probability: 0.75}, {index: 3, probability: 0.125}]);
});

test('a class has a line over all records, with gaps where it is not among the first', () => {
  const known = predictionsOf([[[3, 0.5], [7, 0.25]], [[7, 0.75], [2, 0.125]]], 9, [0.0625, 0.03125]);
  expect(classLines(known, 0, 9)).toEqual([
    {index: 7, values: [0.25, 0.75]},
    {index: 3, values: [0.5, null]},
    {index: 2, values: [null, 0.125]},
    {index: 9, values: [0.0625, 0.03125]},
  ]);
});

test('the label is among the lines, however small its probability', () => {
  const known = predictionsOf([[0, 1, 2, 3, 4, 5, 6].map((index) => [index, 0.5 - index / 16])], 9, [0.0078125]);
  const lines = classLines(known, 0, 9);
  expect(lines.map(({index}) => index)).toEqual([0, 1, 2, 3, 9]);
  expect(lines).toHaveLength(MOST_CLASSES);
});

test('an explainer is told from its namesakes by what differs', () => {
  const tag = (title: string, layer: string | null, target: string | null) => ({facts: {title, layer, target}}) as MapTag;
  const all = [tag('Grad-CAM', 'a', 'label'), tag('Grad-CAM', 'a', 'predicted'), tag('Saliency', null, 'label')];
  expect(all.map((one) => tagTitle(one, all))).toEqual(['Grad-CAM · label', 'Grad-CAM · predicted', 'Saliency']);
});

const words = (step: number) => String(step);

test('the mass on the object is told with what it was when it was quite another', () => {
  const history = {steps: [0, 10, 20, 30], values: [0.7, 0.74, 0.33, 0.31]};
  expect(massFact({...history, record: 3}, words)).toEqual({text: '31\u202f%', words: 'of the mass on the object; 74\u202f% at 10'});
  expect(massFact({...history, record: 1}, words).words).toBe('of the mass on the object');
  expect(massFact({steps: [0], values: [null], record: 0}, words).text).toBe('–');
});

test('drift is told since the record before, and where it was never more', () => {
  const history = {steps: [0, 10, 20], values: [null, 0.2, 0.614]};
  expect(driftFact({...history, record: 2}, words)).toEqual({text: '.61', words: 'drift since 10, highest of this run'});
  expect(driftFact({...history, record: 1}, words)).toEqual({text: '.2', words: 'drift since 0'});
  expect(driftFact({...history, record: 0}, words).text).toBe('–');
  expect(driftFact({steps: [0, 1], values: [null, null], record: 1}, words).words).toBe('drift since 0: another class, or a constant map');
});

test('a map like that of the untrained model is not to be trusted', () => {
  const history = {steps: [0, 1, 2, 3], values: [null, 0.04, 0.5, null]};
  expect([0, 1, 2, 3].map((record) => controlFact({...history, record}, () => true).ignores)).toEqual([null, false, true, null]);
  expect([0, 1, 2, 3].map((record) => controlFact({...history, record}, () => false).ignores)).toEqual([null, false, null, null]);
  expect(controlFact({...history, record: 1}, () => true).text).toBe('.04');
});
