import {expect, test} from 'vitest';
import {meanOver} from '../src/views/layers/ChannelChart';
import {meanDifference} from '../src/views/layers/order';
import {alikeFilters, nearDuplicates, sideBySide, twinOf} from '../src/views/layers/twins';

/** Figures of five filters: 10 and 12 are twins, 11 is most like 10, 13 has nothing to compare with. */
const figures: Record<string, (number | null)[]> = {alike: [0.99, 0.5, 0.99, null, 0.97], twin: [12, 10, 10, null, 12]};
const known = {at: (name: string, _: number, map: number) => figures[name]![map]!};
const channels = [10, 11, 12, 13, 14];
const places = channels.map((channel, map) => ({channel, map}));

test('tells each pair of near-duplicates once, the most alike first', () => {
  expect(nearDuplicates(known, channels, 0)).toEqual([
    {channel: 10, twin: 12, alike: 0.99},
    {channel: 12, twin: 14, alike: 0.97},
  ]);
  expect(alikeFilters(nearDuplicates(known, channels, 0))).toBe(3);
});

test('knows no twin where none was recorded', () => {
  expect(twinOf(known, 13, 3, 0)).toBeNull();
  expect(nearDuplicates({at: () => null}, channels, 0)).toEqual([]);
});

test('puts near-duplicates beside each other, all others behind', () => {
  expect(sideBySide(places, known, 0).map(({channel}) => channel)).toEqual([10, 12, 14, 11, 13]);
});

test('measures the change of a map as the mean over its places', () => {
  expect(meanDifference([1, 2, 3], [1, 0, 7])).toBe(2);
  expect(meanDifference([], [])).toBe(0);
});

test('averages a figure over maps where it is known', () => {
  const series: Record<number, (number | null)[]> = {3: [1, null, 4], 5: [3, null, null]};

  expect(meanOver({over: (_, map) => series[map]!}, 'peak', [3, 5])).toEqual([2, null, 4]);
  expect(meanOver({over: () => []}, 'peak', [])).toEqual([]);
});
