import type {RunData} from '../api';
import {positions, type AxisMode} from '../store/time';

/** A figure of the training over the axis. */
export interface Curve {
  run: string;
  name: string;
  xs: number[];
  ys: (number | null)[];
}

const isLoss = (name: string) => name === 'loss';
const isAccuracy = (name: string) => /(^|_)acc(uracy)?$/.test(name) && !name.startsWith('val_');

function curve(run: RunData, mode: AxisMode, matches: (name: string) => boolean): Curve | null {
  const xs = positions(run, mode);
  const name = Object.keys(run.progress.logs).find(matches);
  const ys = name === undefined ? undefined : run.progress.logs[name];
  return xs && name !== undefined && ys ? {run: run.run, name, xs, ys} : null;
}

export const lossOf = (run: RunData, mode: AxisMode) => curve(run, mode, isLoss);
export const accuracyOf = (run: RunData, mode: AxisMode) => curve(run, mode, isAccuracy);

/** Smallest and largest finite value of some curves; `null` without any. */
export function rangeOf(curves: readonly Curve[]): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const {ys} of curves) {
    for (const y of ys) {
      if (y === null || !Number.isFinite(y)) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  return low <= high ? [low, high > low ? high : low + 1] : null;
}

const MOST_POINTS = 600;

/** SVG path in a box, of 100 x 100 if none is given, with the larger values above. It breaks where a value is missing; a value alone is a dot. */
export function pathOf(
  xs: readonly number[],
  ys: readonly (number | null)[],
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
  {width, height} = {width: 100, height: 100},
): string {
  const stride = Math.max(1, Math.ceil(xs.length / MOST_POINTS));
  let path = '';
  let pen = 'M';
  for (let i = 0; i < xs.length; i += 1) {
    if (i % stride && i !== xs.length - 1) continue;
    const y = ys[i];
    if (y === null || y === undefined || !Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    const across = ((xs[i]! - left) / (right - left)) * width;
    const up = height - ((y - low) / (high - low)) * height;
    path += `${pen}${across.toFixed(2)} ${up.toFixed(1)}${pen === 'M' ? 'h0' : ''}`;
    pen = 'L';
  }
  return path;
}

const NICE = [1, 2, 5];

/** Round numbers on an axis, at most `most` of them, inside the range. */
export function ticks([low, high]: readonly [number, number], most: number, whole: boolean): number[] {
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  let distance = NICE.map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  if (whole) distance = Math.max(1, Math.round(distance));
  const first = Math.ceil(low / distance);
  const count = Math.floor(high / distance + 1e-9) - first + 1;
  return Array.from({length: Math.max(0, count)}, (_, i) => (first + i) * distance);
}

/** Round distances on an axis of seconds. */
export const SPANS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 604800];

/** Round times on an axis of seconds. */
export function timeTicks([low, high]: readonly [number, number], most: number): number[] {
  const rough = (high - low) / Math.max(1, most);
  const distance = SPANS.find((span) => span >= rough) ?? 604800 * Math.ceil(rough / 604800);
  const first = Math.ceil(low / distance);
  return Array.from({length: Math.floor(high / distance) - first + 1}, (_, i) => (first + i) * distance);
}
