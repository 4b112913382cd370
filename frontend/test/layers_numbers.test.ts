import {expect, test} from 'vitest';
import {byChannel, byValue, nearZero, strengthOf, type Entry} from '../src/views/layers/order';
import {formatParameters, formatStrength} from '../src/views/layers/quantity';

test.each([
  [0, '0'], [448, '448'], [999, '999'], [999.6, '1 k'], [8_320, '8.3 k'], [13_900, '13.9 k'],
  [14_000, '14 k'], [205_000, '205 k'], [999_949, '1 M'], [1_234_567, '1.2 M'], [2.5e9, '2.5 G'],
])('prints %d parameters as %s', (parameters, text) => {
  expect(formatParameters(parameters)).toBe(text);
});

test('prints figures in columns with as many decimals as they need', () => {
  expect([1.4, 0.05, 0.0004, 0, -2, 250].map(formatStrength)).toEqual(
    ['1.40', '0.050', '4e−4', '0', '−2.00', '250'],
  );
});

function entry(channel: number, value: number | null, dead = false): Entry {
  return {map: channel, channel, value, dead};
}

test('sorts the strongest first, then the unknown, then the dead', () => {
  const entries = [entry(0, 0.1), entry(1, 0, true), entry(2, null), entry(3, 0.9), entry(4, 0.1)];
  expect(byValue(entries).map((one) => one.channel)).toEqual([3, 0, 4, 2, 1]);
});

test('sorts by channel number and leaves its input alone', () => {
  const entries = [entry(9, 1), entry(2, 5), entry(30, 3)];
  expect(byChannel(entries).map((one) => one.channel)).toEqual([2, 9, 30]);
  expect(entries.map((one) => one.channel)).toEqual([9, 2, 30]);
});

test('measures strength as the mean absolute value, so signs do not cancel', () => {
  const signed = {values: Uint8Array.of(130, 126, 132, 128), zero: 128, unit: 0.5};
  expect(strengthOf(signed)).toBe(1);
  expect(strengthOf({...signed, values: new Uint8Array(0)})).toBe(0);
});

test('marks filters far below the median norm, and zero norms always', () => {
  expect(nearZero([1, 1.2, 0.9, 0.001, 0, null])).toEqual([false, false, false, true, true, false]);
  expect(nearZero([0, 0])).toEqual([true, true]);
  expect(nearZero([])).toEqual([]);
});
