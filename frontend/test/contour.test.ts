import {expect, test} from 'vitest';
import type {StoredMap} from '../src/records/maps';
import {cellsPath, contourPath, levelOfTop, SIDE, type Field} from '../src/render/contour';
import {outlineOf, strengths} from '../src/render/outline';

const fieldOf = (rows: number[][]): Field => ({
  values: Float32Array.from(rows.flat()), width: rows[0]!.length, height: rows.length,
});

interface Line {
  points: [number, number][];
  closed: boolean;
}

function linesOf(path: string): Line[] {
  return path.split('M').filter(Boolean).map((part) => ({
    points: part.replace('Z', '').split('L').map((pair) => pair.split(' ').map(Number) as [number, number]),
    closed: part.endsWith('Z'),
  }));
}

/** Area that closed lines enclose, as a share of the square; holes count against it. */
function area(path: string): number {
  const areas = linesOf(path).map(({points}) =>
    points.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = points[(i + 1) % points.length]!;
      return sum + (x * nextY - nextX * y) / 2;
    }, 0),
  );
  return Math.abs(areas.reduce((sum, one) => sum + one, 0)) / SIDE ** 2;
}

function mapOf(values: number[][], signed = false): StoredMap {
  const {values: flat, width, height} = fieldOf(values);
  const zero = signed ? 128 : 0;
  return {values: Uint8Array.from(flat, (value) => value + zero), rows: height, cols: width, channels: 1, signed, zero, levels: signed ? 127 : 255, unit: 0.01, scale: 2.55, p99: 2};
}

const hill = (size: number, x: number, y: number): number[][] =>
  Array.from({length: size}, (_, row) => Array.from({length: size}, (_, col) => Math.round(250 * Math.exp(-((col - x) ** 2 + (row - y) ** 2) / 12))));

test('a peak has one closed outline around it', () => {
  const lines = linesOf(contourPath(fieldOf([[0, 0, 0], [0, 4, 0], [0, 0, 0]]), 2));
  expect(lines).toHaveLength(1);
  expect(lines[0]!.closed).toBe(true);
  // Half way between the middle of the square and the middles of its neighbours.
  expect(lines[0]!.points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])).toEqual([[1333, 2000], [2000, 1333], [2000, 2667], [2667, 2000]]);
});

test('an outline that meets the border ends there', () => {
  const lines = linesOf(contourPath(fieldOf([[4, 0], [4, 0]]), 2));
  expect(lines).toEqual([{closed: false, points: expect.anything()}]);
  const {points} = lines[0]!;
  expect(points.every(([x]) => x === SIDE / 2)).toBe(true);
  expect(points.map(([, y]) => y).toSorted((a, b) => a - b)).toEqual([0, 1000, 3000, 4000]);
});

test('a hole has an outline of its own', () => {
  const ring = [[0, 0, 0, 0, 0], [0, 4, 4, 4, 0], [0, 4, 0, 4, 0], [0, 4, 4, 4, 0], [0, 0, 0, 0, 0]];
  expect(linesOf(contourPath(fieldOf(ring), 2)).map(({closed}) => closed)).toEqual([true, true]);
});

test.each([
  [[[4, 0], [0, 4]], 1, 2],
  [[[0, 4], [4, 0]], 1, 2],
  [[[4, 0], [0, 4]], 3, 2],
])('corners across each other give two outlines, joined or not: %j above %i', (rows, level, count) => {
  const lines = linesOf(contourPath(fieldOf(rows), level));
  expect(lines).toHaveLength(count);
  for (const {points} of lines) expect(new Set(points.map(String)).size).toBe(points.length);
});

test('nothing lies above a level that is not reached', () => {
  expect(contourPath(fieldOf([[1, 1], [1, 1]]), 1)).toBe('');
  expect(cellsPath(fieldOf([[1, 1], [1, 1]]), 1)).toBe('');
});

test.each([0.05, 0.1, 0.2, 0.4])('the top share %d is the area inside the outline', (share) => {
  const path = outlineOf(mapOf(hill(14, 6.3, 7.1)), {by: 'share', level: share}, 1, false);
  expect(area(path)).toBeGreaterThan(share - 0.02);
  expect(area(path)).toBeLessThan(share + 0.02);
});

test('the top share of numbers that differ is exact', () => {
  const values = Float32Array.from({length: 100}, (_, i) => (i * 37) % 100);
  const level = levelOfTop({values, width: 10, height: 10}, 0.2)!;
  expect(values.filter((value) => value > level)).toHaveLength(20);
});

test('of numbers that are alike all are above the level', () => {
  const few = fieldOf([[0, 9, 9], [9, 9, 9], [9, 9, 5]]);
  expect(levelOfTop(few, 0.2)).toBe(5);
  expect(levelOfTop(fieldOf([[3, 3], [3, 3]]), 0.2)).toBeNull();
});

test('what is zero is never inside', () => {
  const path = outlineOf(mapOf([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 200], [0, 0, 0, 0]]), {by: 'share', level: 0.5}, 1, true);
  expect(path).toBe('M3000 2000H4000M3000 3000H4000M3000 2000V3000');
});

test('a map of zeros has no outline', () => {
  expect(outlineOf({...mapOf([[0, 0], [0, 0]]), scale: 0}, {by: 'share', level: 0.2}, 1, false)).toBe('');
});

test('evidence against counts by its strength', () => {
  const {values} = strengths(mapOf([[-100, 0], [0, 50]], true), 1);
  expect([...values]).toEqual([100, 0, 0, 50]);
});

test('a level of the scale stays where it is while maps get stronger', () => {
  const contour = {by: 'scale', level: 0.5} as const;
  const weak = outlineOf(mapOf([[0, 0, 0], [0, 40, 0], [0, 0, 0]]), contour, 1, false);
  const strong = outlineOf(mapOf([[0, 0, 0], [0, 200, 0], [0, 0, 0]]), contour, 1, false);
  expect(weak).toBe('');
  expect(area(strong)).toBeGreaterThan(0.02);
});

test('along cells the outline keeps to their borders', () => {
  expect(cellsPath(fieldOf([[0, 0, 0, 0], [0, 9, 9, 0], [0, 0, 0, 0], [0, 0, 0, 0]]), 1)).toBe(
    'M1000 1000H2000M2000 1000H3000M1000 2000H2000M2000 2000H3000M1000 1000V2000M3000 1000V2000',
  );
});

test('specks have no outline', () => {
  const size = 60;
  const rows = Array.from({length: size}, (_, row) => Array.from({length: size}, (_, col) => (row === 30 && col === 30) || (row < 9 && row > 1 && col > 1 && col < 9) ? 9 : 0));
  expect(linesOf(contourPath(fieldOf(rows), 1))).toHaveLength(1);
});
