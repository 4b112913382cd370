import {expect, test} from 'vitest';
import {scrollFor, visibleRange} from '../src/views/layers/window_rows';

test('a model of 1 000 layers puts only rows in sight into the page', () => {
  const {first, end} = visibleRange(8000, 600, 40, 1000);
  expect([first, end]).toEqual([194, 221]);
});

test('rows never run past the ends of the list', () => {
  expect(visibleRange(0, 600, 40, 5)).toEqual({first: 0, end: 5});
  expect(visibleRange(0, 600, 40, 0)).toEqual({first: 0, end: 0});
  expect(visibleRange(9000, 600, 40, 5)).toEqual({first: 5, end: 5});
});

test('scrolls to a row only when it is out of sight', () => {
  const box = {scroll: 400, height: 472, head: 32, foot: 40};
  expect(scrollFor(12, box, 40)).toBeNull();
  expect(scrollFor(3, box, 40)).toBe(120);
  expect(scrollFor(30, box, 40)).toBe(840);
});
