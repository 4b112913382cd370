import {describe, expect, it} from 'vitest';
import {densityOf, meanDensity, paintable, peakOf, placeWords, type Density} from '../src/views/health/radar';

function density(rows: number, cols: number, value: (row: number, col: number) => number): Density {
  const values = Float32Array.from({length: rows * cols}, (_, at) => value(Math.floor(at / cols), at % cols));
  const sum = values.reduce((total, one) => total + one, 0);
  return {rows, cols, values: sum ? values.map((one) => one / sum) : values};
}

describe('the peak of a mean map', () => {
  it('is a sixteenth of what is equal everywhere', () => {
    expect(peakOf(density(8, 8, () => 1)).share).toBeCloseTo(1 / 16, 6);
  });

  it('is all of a mark in a corner, and says where that is', () => {
    const peak = peakOf(density(8, 8, (row, col) => (row < 2 && col > 5 ? 1 : 0)));

    expect(peak.share).toBeCloseTo(1, 6);
    expect(placeWords(peak)).toBe('top right');
  });

  it.each([[0, 0, 'top left'], [4, 4, 'centre'], [7, 4, 'bottom'], [4, 0, 'left']])('at %i, %i is called %s', (row, col, words) => {
    expect(placeWords(peakOf(density(9, 9, (r, c) => (r === row && c === col ? 1 : 0))))).toBe(words);
  });

  it('can be found in a map of one cell', () => {
    expect(peakOf(density(1, 1, () => 1))).toEqual({share: 1, x: 0.5, y: 0.5});
  });

  it('is weaker where the samples of a class disagree', () => {
    const corners = [density(8, 8, (row, col) => (row < 2 && col < 2 ? 1 : 0)), density(8, 8, (row, col) => (row > 5 && col > 5 ? 5 : 0))];

    expect(peakOf(meanDensity(corners)!).share).toBeCloseTo(0.5, 6);
  });

  it('leaves out maps without evidence', () => {
    const mean = meanDensity([density(4, 4, () => 0), density(4, 4, (row) => (row ? 0 : 1))]);

    expect(mean!.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(meanDensity([density(4, 4, () => 0)])).toBeNull();
  });
});

describe('a density', () => {
  it('holds the positive part of a signed map, as shares', () => {
    const stored = {values: Uint8Array.from([1, 128, 255, 255]), rows: 2, cols: 2, channels: 1, signed: true, zero: 128, levels: 127, unit: 1 / 127, scale: 1, p99: 1};

    expect([...densityOf(stored).values]).toEqual([0, 0, 0.5, 0.5]);
  });

  it('can be painted with its largest value in full colour', () => {
    expect(paintable(density(1, 2, (_, col) => col + 1))).toMatchObject({rows: 1, cols: 2, levels: 255, values: Uint8Array.from([128, 255])});
  });
});
