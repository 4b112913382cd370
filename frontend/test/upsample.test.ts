import {expect, test} from 'vitest';
import type {StoredMap} from '../src/records/maps';
import {ENTRIES, lutOf} from '../src/render/lut';
import {colours, indexing, rgbColours} from '../src/render/paint';
import {factorFor, upsample} from '../src/render/upsample';

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

/** Bilinear interpolation at a pixel centre, straight from the definition. */
function slowly(values: number[], rows: number, cols: number, y: number, x: number): number {
  const weight = (place: number, cell: number) => Math.max(0, 1 - Math.abs(place - cell));
  const row = Math.min(rows - 1, Math.max(0, y));
  const col = Math.min(cols - 1, Math.max(0, x));
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) sum += values[i * cols + j]! * weight(row, i) * weight(col, j);
  }
  return sum;
}

test.each([
  [1, 1, 4],
  [3, 5, 4],
  [14, 14, 4],
  [7, 2, 2],
])('%i x %i cells by %i equal the slow version', (rows, cols, factor) => {
  const next = random(rows * 100 + cols);
  const values = Array.from({length: rows * cols}, () => Math.floor(next() * 256));
  const out = new Float32Array(rows * cols * factor * factor);
  upsample(values, {rows, cols, channels: 1, channel: 0, factor}, out);
  for (let y = 0; y < rows * factor; y++) {
    for (let x = 0; x < cols * factor; x++) {
      const expected = slowly(values, rows, cols, (y + 0.5) / factor - 0.5, (x + 0.5) / factor - 0.5);
      expect(out[y * cols * factor + x]).toBeCloseTo(expected, 3);
    }
  }
});

test('reads one channel of several', () => {
  const out = new Float32Array(4);
  upsample([1, 9, 2, 9, 3, 9, 4, 9], {rows: 2, cols: 2, channels: 2, channel: 0, factor: 1}, out);
  expect([...out]).toEqual([1, 2, 3, 4]);
});

test('small maps are upsampled, large ones are left to the browser', () => {
  expect([14, 32, 56, 112].map((side) => factorFor(side, side))).toEqual([4, 3, 2, 1]);
});

const map = (values: number[], extra: Partial<StoredMap> = {}): StoredMap => ({
  values: Uint8Array.from(values), rows: 1, cols: values.length, channels: 1,
  signed: false, zero: 0, scale: 2, levels: 255, unit: 2 / 255, p99: 1, ...extra,
});
const solid = {table: 'gray', signed: false, veil: 'solid', threshold: 0, log: false} as const;

test('the top of the scale takes the last colour, and so does what lies beyond', () => {
  const painted = colours(map([0, 64, 128, 255]), lutOf(solid), {top: 1, cells: true});
  expect([...painted].map((pixel) => pixel & 255)).toEqual([0, 128, 255, 255]);
});

test('a map of zeros takes the first colour on any scale', () => {
  expect([...colours(map([0, 0]), lutOf(solid), {top: 0, cells: true})]).toEqual([0xff000000, 0xff000000]);
});

test('zero of a signed map falls on the middle of the table', () => {
  const {gain, offset} = indexing(map([128], {signed: true, zero: 128, unit: 2 / 127}), 0.7);
  expect(Math.floor(128 * gain + offset)).toBe(ENTRIES / 2);
});

test('three channels are red, green and blue around mid grey', () => {
  const filter = map([128, 255, 1], {cols: 1, channels: 3, signed: true, zero: 128, unit: 2 / 127});
  const [pixel] = rgbColours(filter, {top: 2, cells: true});
  expect([pixel! & 255, (pixel! >> 8) & 255, (pixel! >> 16) & 255]).toEqual([128, 255, 0]);
});
