import {expect, test} from 'vitest';
import {aligned, difference, normOfDifference, refine} from '../src/measures/difference';
import {overlap} from '../src/measures/overlap';
import {rankCorrelation, ranks} from '../src/measures/rank';
import {upsample} from '../src/render/upsample';

/** Numbers without a pattern, the same at every run; some are equal, some zero. */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({length: count}, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.round((state / 2 ** 31 - 0.5) * 40) / 8;
  });
}

const [A, B] = [noise(144, 1), noise(144, 2)];

/** Rank by its definition: one more than the number of smaller values, plus half of the other equal ones. */
const slowRanks = (values: Float32Array): number[] =>
  [...values].map((value) => {
    const smaller = [...values].filter((other) => other < value).length;
    const equal = [...values].filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });

function slowCorrelation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = (values: number[]) => values.map((value) => value - mean(values));
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** Cells with fewer stronger ones than there are places in the top; zeros are none. */
function slowTop(values: Float32Array, share: number): Set<number> {
  const places = Math.max(1, Math.round(share * values.length));
  const strength = [...values].map(Math.abs);
  const isTop = (value: number) => value > 0 && strength.filter((other) => other > value).length < places;
  return new Set(strength.flatMap((value, i) => (isTop(value) ? [i] : [])));
}

test('ranks share the places of equal values', () => {
  expect([...ranks(A)]).toEqual(slowRanks(A));
});

test('the rank correlation is the correlation of the ranks', () => {
  expect(rankCorrelation(A, B)).toBeCloseTo(slowCorrelation(slowRanks(A), slowRanks(B)), 12);
  expect(rankCorrelation(A, A)).toBeCloseTo(1, 12);
  expect(rankCorrelation(A, A.map((value) => -value))).toBeCloseTo(-1, 12);
  expect(rankCorrelation(A, new Float32Array(144))).toBe(null);
});

test.each([0.05, 0.2, 0.5])('the overlap of the top %f is what both share of what either has', (share) => {
  const [a, b] = [slowTop(A, share), slowTop(B, share)];
  const both = [...a].filter((cell) => b.has(cell)).length;
  expect(overlap(A, B, share)).toBe(both / (a.size + b.size - both));
});

test('the overlap tells equal maps from those apart, and zeros are in no top', () => {
  const left = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const right = Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, -2);
  const none = new Float32Array(10);
  expect([overlap(left, left), overlap(left, right), overlap(left, none), overlap(none, none)]).toEqual([1, 0, 0, null]);
});

test('the norm of the difference is 0 for equal maps and 1 for opposite ones', () => {
  const size = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  const expected = size(B.map((value, i) => value - A[i]!)) / (size(A) + size(B));
  expect(normOfDifference(A, B)).toBeCloseTo(expected, 12);
  expect(normOfDifference(A, A)).toBe(0);
  expect(normOfDifference(A, A.map((value) => -value))).toBeCloseTo(1, 12);
  expect(normOfDifference(A, new Float32Array(144))).toBeCloseTo(1, 12);
  expect(normOfDifference(new Float32Array(4), new Float32Array(4))).toBe(null);
});

test('a difference is signed, absolute, or one of ranks', () => {
  const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(3, 2, -4)];
  expect([...difference(a, b, 'signed')]).toEqual([2, 0, -7]);
  expect([...difference(a, b, 'absolute')]).toEqual([2, 0, 7]);
  expect([...difference(a, b, 'ranks')]).toEqual([1, 0, -1]);
});

test('maps are refined as the painter refines them', () => {
  const values = noise(20, 3);
  const painted = new Float32Array(20 * 9);
  upsample(values, {rows: 4, cols: 5, channels: 1, channel: 0, factor: 3}, painted);
  const found = refine({rows: 4, cols: 5, values}, 12, 15);
  found.values.forEach((value, i) => expect(value).toBeCloseTo(painted[i]!, 5));
});

test('maps of different grids meet on the finer one', () => {
  const coarse = {rows: 1, cols: 2, values: Float32Array.of(0, 4)};
  const fine = {rows: 2, cols: 4, values: noise(8, 4)};
  const [a, b] = aligned(coarse, fine);
  expect(b).toBe(fine);
  expect([a.rows, a.cols, ...a.values]).toEqual([2, 4, 0, 1, 3, 4, 0, 1, 3, 4]);
});

test('ranks of a large map take little time', () => {
  const values = noise(224 * 224, 7).map((value, i) => value + i * 1e-4 * (i % 2 ? 1 : -1));
  expect([...ranks(values)]).toEqual([...ranks([...values])]);
});
