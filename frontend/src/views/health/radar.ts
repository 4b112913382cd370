// How much of a class's mean map sits at one place: a fact about where a model looks, not an alarm.
import type {StoredMap} from '../../records/maps';
import {decodeValues} from '../../records/maps';

/** Side of the place, as a share of the picture. */
const PLACE = 0.25;

/** A map whose values are not negative and sum to 1, or to 0. */
export interface Density {
  rows: number;
  cols: number;
  values: Float32Array;
}

/** Evidence for the target: the positive part over all channels, as shares. */
export function densityOf(map: StoredMap): Density {
  const {rows, cols, channels} = map;
  const all = decodeValues(map);
  const values = new Float32Array(rows * cols);
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    for (let channel = 0; channel < channels; channel++) values[at]! += all[at * channels + channel]!;
    values[at] = Math.max(0, values[at]!);
    sum += values[at]!;
  }
  return {rows, cols, values: sum > 0 ? values.map((value) => value / sum) : values};
}

/** Mean of maps of the same size; maps without evidence count for nothing. */
export function meanDensity(all: readonly Density[]): Density | null {
  const known = all.filter(({values}) => values.some((value) => value > 0));
  const [first] = known;
  if (!first) return null;
  const values = new Float32Array(first.values.length);
  for (const one of known) one.values.forEach((value, at) => (values[at]! += value / known.length));
  return {...first, values};
}

export interface Peak {
  /** Share of the map inside the place. */
  share: number;
  /** Centre of the place, as shares of width and height. */
  x: number;
  y: number;
}

/** Sums over all rectangles that start at the upper left corner, with a row and a column of zeros before. */
function corners({rows, cols, values}: Density): Float64Array {
  const sums = new Float64Array((rows + 1) * (cols + 1));
  for (let row = 1; row <= rows; row++) {
    for (let col = 1; col <= cols; col++) {
      const at = row * (cols + 1) + col;
      sums[at] = values[(row - 1) * cols + col - 1]! + sums[at - 1]! + sums[at - cols - 1]! - sums[at - cols - 2]!;
    }
  }
  return sums;
}

/** The place, a quarter as high and wide as the picture, that holds most of a map. */
export function peakOf(density: Density): Peak {
  const {rows, cols} = density;
  const [high, wide] = [Math.max(1, Math.round(rows * PLACE)), Math.max(1, Math.round(cols * PLACE))];
  const sums = corners(density);
  const sum = (row: number, col: number) => sums[row * (cols + 1) + col]!;
  let best: Peak = {share: -1, x: 0.5, y: 0.5};
  for (let row = 0; row + high <= rows; row++) {
    for (let col = 0; col + wide <= cols; col++) {
      const share = sum(row + high, col + wide) - sum(row, col + wide) - sum(row + high, col) + sum(row, col);
      if (share > best.share) best = {share, x: (col + wide / 2) / cols, y: (row + high / 2) / rows};
    }
  }
  return {...best, share: Math.min(1, Math.max(0, best.share))};
}

const third = (place: number): number => Math.min(2, Math.floor(place * 3));

/** Where a place is, in words: top right, centre. */
export function placeWords({x, y}: Peak): string {
  const across = ['left', '', 'right'][third(x)]!;
  const down = ['top', '', 'bottom'][third(y)]!;
  return [down, across].filter(Boolean).join(' ') || 'centre';
}

/** A density as a map that can be painted. */
export function paintable({rows, cols, values}: Density): StoredMap {
  const scale = values.reduce((most, value) => Math.max(most, value), 0);
  const whole = Uint8Array.from(values, (value) => (scale > 0 ? Math.round((value / scale) * 255) : 0));
  return {values: whole, rows, cols, channels: 1, signed: false, zero: 0, levels: 255, unit: scale / 255, scale, p99: scale};
}
