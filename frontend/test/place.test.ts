import {expect, test} from 'vitest';
import {placeOf, type Box} from '../src/ui/place';

const button = (left: number, top: number): Box => ({left, top, right: left + 60, bottom: top + 32});
const page = {width: 1000, height: 600};
const usual = {end: false, up: false};

test('a panel opens below its button, from the same left edge', () => {
  expect(placeOf(button(100, 50), {width: 200, height: 300}, page, usual)).toEqual({left: 100, top: 86, height: 300});
});

test('or from the same right edge', () => {
  expect(placeOf(button(500, 50), {width: 200, height: 100}, page, {end: true, up: false}).left).toBe(360);
});

test('it opens above where there is no room below', () => {
  expect(placeOf(button(100, 500), {width: 200, height: 300}, page, usual)).toEqual({left: 100, top: 196, height: 300});
});

test('one that opens above opens below where there is no room above', () => {
  expect(placeOf(button(100, 20), {width: 200, height: 300}, page, {end: false, up: true}).top).toBe(56);
});

test.each([
  [button(950, 50), 792],
  [{left: 0, right: 4, top: 0, bottom: 20}, 8],
])('it stays within the window: %j', (from, left) => {
  expect(placeOf(from, {width: 200, height: 100}, page, usual).left).toBe(left);
});

test('one that fits nowhere takes the larger room', () => {
  expect(placeOf(button(100, 400), {width: 200, height: 900}, page, usual)).toEqual({left: 100, top: 8, height: 388});
});
