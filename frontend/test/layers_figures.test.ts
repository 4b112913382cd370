import {expect, test} from 'vitest';
import type {Figures} from '../src/api';
import {figuresAt, figureSeries, figureTop} from '../src/views/layers/figure_series';

const FIGURES: Figures = {
  steps: [0, 5, 10],
  columns: {channel: [7, 2]},
  figures: {norm: [[1, 2], null, [3, 0.5]], change: [[null, null], [0.1, 0.2], [0.3, 0.4]]},
  statistics: {},
};

test('takes one map out of a figure and leaves a damaged record open', () => {
  expect(figureSeries(FIGURES, 'norm', 1)).toEqual({name: 'norm', steps: [0, 5, 10], values: [2, null, 0.5]});
});

test('a figure that was not recorded is open at every step', () => {
  expect(figureSeries(FIGURES, 'share', 0).values).toEqual([null, null, null]);
});

test('between records the last one counts, before the first there is none', () => {
  expect(figuresAt(FIGURES, 'change', 9, 2)).toEqual([0.1, 0.2]);
  expect(figuresAt(FIGURES, 'change', -1, 2)).toEqual([null, null]);
});

test('curves that are compared share the largest value', () => {
  expect(figureTop(FIGURES, 'norm')).toBe(3);
  expect(figureTop(FIGURES, 'share')).toBe(0);
});
