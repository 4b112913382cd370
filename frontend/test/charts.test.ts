import {expect, test} from 'vitest';
import {plotData} from '../src/charts/plot';
import {sparkPath} from '../src/charts/sparkline';
import {columnAt, condense, heatLevel, heatPixels, placeOf} from '../src/charts/heat';
import {NO_ENDS, pickSteps, roundRange, valueRange} from '../src/charts/series';

const LUT = Uint32Array.from({length: 256}, (_, level) => level + 1);

test('spreads a scale over the table and clips what lies outside', () => {
  const scale = {low: 0, high: 2};
  expect([-1, 0, 1, 2, 9].map((value) => heatLevel(value, scale))).toEqual([0, 0, 0.5, 1, 1]);
});

test('zero of a signed scale is the middle of the table', () => {
  expect(heatLevel(0, {low: -3, high: 3})).toBe(0.5);
});

test('a value that is not finite stays transparent', () => {
  expect([...heatPixels([0, NaN, 1], {low: 0, high: 1}, LUT)]).toEqual([1, 0, 256]);
});

test('condensing keeps the spike of every span', () => {
  expect([...condense([0, 9, 0, 0, -4, 1], 3)]).toEqual([9, 0, -4]);
  expect([...condense([NaN, NaN, NaN, 2], 2)]).toEqual([NaN, 2]);
  expect([...condense([1, 2], 3)]).toEqual([1, 2]);
});

test('a step sits in the middle of its column, and its column is found again', () => {
  for (const index of [0, 13, 39]) expect(columnAt(placeOf(index, 40), 40)).toBe(index);
  expect(columnAt(1, 40)).toBe(39);
  expect(columnAt(-0.1, 40)).toBe(0);
});

test('ranges contain 0 and leave air at the open end', () => {
  const [low, high] = valueRange([[1, 3, null], [2]]);
  expect(low).toBe(0);
  expect(high).toBeCloseTo(3.15, 10);
  expect(valueRange([[null]])).toEqual([0, 1]);
  expect(valueRange([[0, 0]])).toEqual([0, 1]);
  expect(valueRange([[-2, 0]])[0]).toBeCloseTo(-2.1, 10);
});

test('picks steps evenly, the current one always among them', () => {
  const steps = Array.from({length: 41}, (_, step) => step);
  expect(pickSteps(steps, 31, 6)).toEqual([0, 6, 12, 19, 25, 31]);
  expect(pickSteps([0, 5, 10], 7, 6)).toEqual([0, 5]);
  expect(pickSteps([5, 10], 3, 6)).toEqual([]);
  expect(pickSteps(steps, 31, 1)).toEqual([31]);
});

test('a sparkline breaks at gaps and shows a lone value', () => {
  expect(sparkPath([0, 1, null, 1], 1)).toBe('M0.0 100.0L33.3 0.0M100.0 0.0h2');
  expect(sparkPath([2], 2)).toBe('M0.0 0.0h2');
  expect(sparkPath([], 1)).toBe('');
});

test('a sparkline of zeros lies at the bottom, larger values at the top', () => {
  expect(sparkPath([0, 0], 0)).toBe('M0.0 100.0L100.0 100.0');
  expect(sparkPath([9, 9], 3)).toBe('M0.0 0.0L100.0 0.0');
});

test('gives a chart its places first, then one array per line', () => {
  const lines = [{name: 'norm', color: '--run-0', values: [1, null]}];
  expect(plotData({places: [0, 5], lines})).toEqual([[0, 5], [1, null]]);
});

test('round ends do not pass those of a figure, where it has such', () => {
  expect(roundRange([[0.2, 0.93]], [0, 1])).toEqual([0, 1]);
  expect(roundRange([[-0.4, 0.93]], [-1, 1])[0]).toBeGreaterThanOrEqual(-1);
  expect(roundRange([[0.2, 7.3]], [0, null])[0]).toBe(0);
  expect(roundRange([[0.2, 7.3]], [0, null])[1]).toBeGreaterThanOrEqual(7.3);
  expect(roundRange([[-3, 7.3]], NO_ENDS)[0]).toBeLessThanOrEqual(-3);
  expect(roundRange([[null]], [-1, 1])).toEqual([-1, 1]);
  expect(roundRange([], NO_ENDS)).toEqual([0, 1]);
});
