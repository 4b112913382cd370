import {expect, test} from 'vitest';
import {buildLadder} from '../src/views/layers/ladder';
import {
  caution, deadChannels, layerSeries, nodeSeries, statisticScale, statisticsTable,
} from '../src/views/layers/statistics';

const TABLE = statisticsTable([0, 1], ['base/a', 'base/b', 'pool'], {
  norm: Float32Array.of(3, 4, NaN, 6, 8, NaN),
  change: Float32Array.of(NaN, NaN, NaN, 1, 0, NaN),
  dead: Float32Array.of(0, 2, NaN, 2, 2, NaN),
  mean: Float32Array.of(-2, 1, NaN, 1, 1, NaN),
  sparsity: Float32Array.of(0.2, 0.4, 0, 0.2, 0.4, 0),
});

const [BASE, POOL] = buildLadder({
  path: ['base', 'base/a', 'base/b', 'pool'],
  type: ['Functional', 'Conv2D', 'Conv2D', 'Pool'],
  shape: [[2, 2, 8], [2, 2, 4], [2, 2, 8], [8]],
  parameters: [2, 1, 1, 0],
  trainable: [true, true, true, false],
  container: [true, false, false, false],
  activation: [null, null, null, null],
  calls: [1, 1, 1, 1],
});

test('reads the column of one layer', () => {
  expect([...layerSeries(TABLE, 'norm', 'base/b')]).toEqual([4, 8]);
});

test('a layer or figure that was not recorded has no values', () => {
  expect([...layerSeries(TABLE, 'norm', 'other')]).toEqual([NaN, NaN]);
  expect([...layerSeries(TABLE, 'saturation', 'pool')]).toEqual([NaN, NaN]);
});

test('norms of a block add in squares', () => {
  expect([...nodeSeries(TABLE, 'norm', BASE!)]).toEqual([5, 10]);
});

test('the change of a block is weighted by the norms of its layers', () => {
  expect([...nodeSeries(TABLE, 'change', BASE!)]).toEqual([NaN, Math.fround(0.6)]);
});

test('shares of a block are weighted by the channels of its layers', () => {
  const [first] = nodeSeries(TABLE, 'sparsity', BASE!);
  expect(first).toBeCloseTo((0.2 * 4 + 0.4 * 8) / 12, 6);
});

test('dead channels become a share of the channels, so layers can be compared', () => {
  expect([...nodeSeries(TABLE, 'dead', BASE!.children[1]!)]).toEqual([0.25, 0.25]);
  expect([...nodeSeries(TABLE, 'dead', BASE!)].map((share) => share.toFixed(4))).toEqual(
    [(2 / 12).toFixed(4), (4 / 12).toFixed(4)],
  );
});

test('counts dead channels over a block, and says nothing where none were looked at', () => {
  expect(deadChannels(TABLE, BASE!, 0)).toBe(2);
  expect(deadChannels(TABLE, BASE!, 1)).toBe(4);
  expect(deadChannels(TABLE, POOL!, 1)).toBeNull();
});

test('the scale starts at 0 and is shared over layers and steps', () => {
  expect(statisticScale([TABLE.figures['norm'] as Float32Array], 'norm')).toEqual({low: 0, high: 8, clipped: false});
});

test('the scale of a signed figure is symmetric about 0', () => {
  expect(statisticScale([TABLE.figures['mean'] as Float32Array], 'mean')).toEqual({low: -2, high: 2, clipped: false});
});

test('one spike does not darken every strip, and is said to be clipped', () => {
  const change = Float32Array.from({length: 200}, (_, index) => (index === 7 ? 90 : 0.031));
  const scale = statisticScale([change], 'change');
  expect(scale).toEqual({low: 0, high: 0.031, clipped: true});
});

test('a scale of nothing, of zeros, and of not finite values is 0 to 1', () => {
  for (const values of [[], [0, 0], [NaN, Infinity]]) {
    expect(statisticScale([Float32Array.from(values)], 'norm')).toEqual({low: 0, high: 1, clipped: false});
  }
});

const ALIKE = statisticsTable([0, 1, 2], ['base/a', 'base/b'], {
  cka: Float32Array.of(NaN, NaN, 0.96, 0.978, 1, 0.99),
  filter_drift_max: Float32Array.of(NaN, NaN, 0.1, 0.4, 0.2, 0.1),
});

test('likeness is near 1, so that its scale begins at the smallest', () => {
  const all = ['base/a', 'base/b'].map((path) => layerSeries(ALIKE, 'cka', path));
  expect(statisticScale(all, 'cka')).toEqual({low: 0.96, high: 1, clipped: false});
  expect(statisticScale([new Float32Array([NaN])], 'cka')).toMatchObject({low: 0, high: 1});
});

test('of a block counts the filter that turned most', () => {
  expect([...nodeSeries(ALIKE, 'filter_drift_max', BASE!)].map((value) => Number(value.toFixed(3)))).toEqual([NaN, 0.4, 0.2]);
});

test('few samples are said to be too few for CKA', () => {
  expect([caution('cka', 16), caution('cka_first', 64), caution('dead', 16), caution('cka', undefined)]).toEqual(['16 samples, unreliable', '', '', '']);
});
