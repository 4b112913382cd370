// How the values of a map are spread.
import {decodeValues, type StoredMap} from '../records/maps';

export const BINS = 32;

export interface Spread {
  /** Count of values per bin, from the low end of the axis. */
  counts: readonly number[];
  /** Ends of the axis; of signed maps as far below zero as above. */
  low: number;
  high: number;
  /** Number of values. */
  cells: number;
  /** Share of the values beyond the end of the scale. */
  beyond: number;
}

/** Spreads the values of a map over bins that reach to its largest value, or to the end of the scale. */
export function spreadOf(map: StoredMap, top: number, bins = BINS): Spread {
  const values = decodeValues(map);
  const high = Math.max(map.scale, top) || 1;
  const low = map.signed ? -high : 0;
  const counts = Array.from({length: bins}, () => 0);
  let beyond = 0;
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]! += 1;
    // Half a level of the stored codes lies between the end of the scale and a value that is it.
    if (Math.abs(value) > top + map.unit / 2) beyond += 1;
  }
  return {counts, low, high, cells: values.length, beyond: values.length ? beyond / values.length : 0};
}

/** Height of a bar from 0 to 1: logarithmic, so that one cell is seen beside thousands. */
export function heights(counts: readonly number[]): number[] {
  const most = Math.log1p(Math.max(1, ...counts));
  return counts.map((count) => Math.log1p(count) / most);
}
