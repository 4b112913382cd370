import {expect, test} from 'vitest';
import type {StatisticsFacts} from '../src/api';
import type {Table} from '../src/store/tables';
import {likenessAt, movedPair, pairAt} from '../src/views/health/likeness';

const tableOf = (compared: string[], values: number[]): Table<StatisticsFacts> => ({
  steps: [0, 5, 9],
  facts: {kind: 'statistics', layers: ['a', 'b', 'c'], compared, samples: 16},
  arrays: {cka_layers: {values: Float32Array.from(values), shape: [3, compared.length, compared.length]}},
  leftOut: [],
});
const known = tableOf(['a', 'c'], [1, 0.5, 0.5, 1, NaN, NaN, NaN, NaN, 1, 0.25, 0.25, 1]);

test('the likeness of layers is that of the last record that has it', () => {
  expect(likenessAt(known, 9)).toEqual({layers: ['a', 'c'], values: Float32Array.of(1, 0.25, 0.25, 1), samples: 16});
  expect(likenessAt(known, 8)?.values[1]).toBe(0.5);
  expect(likenessAt(known, -1)).toBeNull();
});

test('runs of earlier versions compare no layers', () => {
  const {compared: _none, ...facts} = known.facts;
  expect(likenessAt({...known, facts}, 9)).toBeNull();
  expect(likenessAt({...known, arrays: {}}, 9)).toBeNull();
});

test('keys go from pair to pair, and stay inside', () => {
  expect(movedPair({row: 0, col: 1}, 'ArrowDown', 3)).toEqual({row: 1, col: 1});
  expect(movedPair({row: 0, col: 2}, 'ArrowRight', 3)).toEqual({row: 0, col: 2});
  expect(movedPair({row: 0, col: 2}, 'Enter', 3)).toBeNull();
});

test('the pointer is over the pair below it', () => {
  expect([pairAt(0, 0.99, 4), pairAt(1, 0.5, 4), pairAt(-0.1, 2, 4)]).toEqual([{row: 3, col: 0}, {row: 2, col: 3}, {row: 3, col: 0}]);
});
