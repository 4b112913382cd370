// Sort orders of channels and filters: stable, with what cannot be compared at the end.
import type {StoredMap} from '../../records/maps';

/** One place of the grid: which map of the record it shows. */
export interface Place {
  /** Index of the map in the record. */
  map: number;
  channel: number;
}

/** A place with what it is sorted by. */
export interface Entry extends Place {
  /** Strength, norm or change; `null` if unknown or not recorded. */
  value: number | null;
  /** Zero on every sample (a channel) or at every weight (a filter). */
  dead: boolean;
}

/** Returns the entries largest first, then the unknown, then the dead; ties by channel. */
export function byValue(entries: readonly Entry[]): Entry[] {
  return [...entries].sort(
    (a, b) => rank(a) - rank(b) || (b.value ?? 0) - (a.value ?? 0) || a.channel - b.channel,
  );
}

/** Returns the places by channel number. */
export function byChannel(places: readonly Place[]): Place[] {
  return [...places].sort((a, b) => a.channel - b.channel);
}

/** Mean of |value| over the places of a map: the strength of a channel on a sample. */
export function strengthOf({values, zero, unit}: Pick<StoredMap, 'values' | 'zero' | 'unit'>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += Math.abs(values[index]! - zero);
  return values.length ? (unit * sum) / values.length : 0;
}

/** Mean of |a - b| over the places of two maps. */
export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += Math.abs(a[index]! - b[index]!);
  return a.length ? sum / a.length : 0;
}

/** Share of the median norm under which a filter is marked as near zero. */
const NEAR_ZERO = 0.01;

/** Marks the filters whose norm is under one hundredth of the median norm of their layer. */
export function nearZero(norms: readonly (number | null)[]): boolean[] {
  const known = norms.filter((norm): norm is number => norm !== null).sort((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? 0;
  return norms.map((norm) => norm !== null && (norm === 0 || norm < NEAR_ZERO * median));
}

function rank(entry: Entry): number {
  if (entry.dead) return 2;
  return entry.value === null ? 1 : 0;
}
