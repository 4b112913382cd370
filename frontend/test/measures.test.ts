import {expect, test} from 'vitest';
import type {MeasuresHead} from '../src/api';
import type {Block} from '../src/block';
import {asMeasures} from '../src/store/measures';

/** Two figures of two maps at three records. */
function block(): Block<MeasuresHead> {
  const drift = [NaN, NaN, 0.5, 0.25, 0.125, NaN];
  const mass = [0, 1, 0.5, 0.5, 1, 0];
  const body = new Uint8Array(Float32Array.from([...drift, ...mass]).buffer);
  const entry = (name: string, offset: number) => ({name, dtype: 'float32', shape: [3, 2], offset});
  const arrays = [entry('drift', 0), entry('relevance_mass', 24)];
  return {header: {steps: [0, 2, 5], maps: 2, arrays, left_out: []}, body};
}

test('a figure is that of the last record not above a step', () => {
  const known = asMeasures(block());
  expect(known.at('relevance_mass', 4, 0)).toBe(0.5);
  expect(known.at('relevance_mass', 5, 0)).toBe(1);
  expect(known.at('relevance_mass', 99, 1)).toBe(0);
});

test('what is not defined, not recorded or not asked for is null', () => {
  const known = asMeasures(block());
  expect(known.at('drift', 0, 0)).toBeNull();
  expect(known.at('drift', -1, 0)).toBeNull();
  expect(known.at('drift', 2, 2)).toBeNull();
  expect(known.at('drift', 2, -1)).toBeNull();
  expect(known.at('control', 2, 0)).toBeNull();
});

test('a figure over time has one entry per record', () => {
  const known = asMeasures(block());
  expect(known.over('drift', 1)).toEqual([null, 0.25, null]);
  expect(known.over('control', 1)).toEqual([null, null, null]);
});

test('between its turns a metric has the figure of the last', () => {
  const body = new Uint8Array(Float32Array.from([1, NaN, NaN, NaN, 3, 4, NaN, NaN, NaN, NaN]).buffer);
  const header = {steps: [0, 1, 2, 3, 4], maps: 2, arrays: [{name: 'deletion', dtype: 'float32', shape: [5, 2], offset: 0}], left_out: []};
  const known = asMeasures({header, body}, () => 2);
  expect(known.over('deletion', 0)).toEqual([1, 1, 3, 3, null]);
  expect(known.over('deletion', 1)).toEqual([null, null, 4, 4, null]);
  expect(known.at('deletion', 3, 1)).toBe(4);
  expect(asMeasures({header, body}).at('deletion', 3, 1)).toBeNull();
});
