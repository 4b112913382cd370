import {expect, test} from 'vitest';
import {cellFor} from '../src/views/layers/grid_keys';

test('arrows move within the rows of a wrapping grid', () => {
  expect(cellFor('ArrowRight', 3, 10, 4)).toBe(4);
  expect(cellFor('ArrowDown', 3, 10, 4)).toBe(7);
  expect(cellFor('ArrowUp', 7, 10, 4)).toBe(3);
});

test('arrows stop at the edges of the grid', () => {
  expect(cellFor('ArrowDown', 7, 10, 4)).toBe(7);
  expect(cellFor('ArrowUp', 2, 10, 4)).toBe(2);
  expect(cellFor('ArrowRight', 9, 10, 4)).toBe(9);
  expect(cellFor('ArrowLeft', 0, 10, 4)).toBe(0);
});

test('Home and End go to the ends; other keys and empty grids mean nothing', () => {
  expect(cellFor('Home', 5, 10, 4)).toBe(0);
  expect(cellFor('End', 5, 10, 4)).toBe(9);
  expect(cellFor('x', 5, 10, 4)).toBeNull();
  expect(cellFor('End', 0, 0, 4)).toBeNull();
});
