import type {RunData, TagEntry} from '../api';

/** Index of the last entry of a sorted list that is not above `value`, or -1. */
export function lastNotAbove(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the entry of a sorted list that is nearest to `value`, or -1. */
export function nearest(sorted: ArrayLike<number>, value: number): number {
  const below = lastNotAbove(sorted, value);
  if (below < 0) return sorted.length ? 0 : -1;
  if (below + 1 >= sorted.length) return below;
  return value - sorted[below]! <= sorted[below + 1]! - value ? below : below + 1;
}

const cache = new WeakMap<TagEntry, number[]>();

/** Steps at which a tag has a record. */
export function tagSteps(run: RunData, tag: TagEntry): number[] {
  let steps = cache.get(tag);
  if (!steps) {
    steps = tag.ranges.flatMap(([first, count]) => run.steps.slice(first, first + count));
    cache.set(tag, steps);
  }
  return steps;
}

/** Distance between the records of a tag where that is the same throughout and longer than that of its run. */
export function recordedEvery(run: RunData, tag: TagEntry): number | null {
  const own = tagSteps(run, tag);
  const distance = (own[1] ?? NaN) - own[0]!;
  const isEven = own.every((step, i) => i === 0 || step - own[i - 1]! === distance);
  const isSparse = run.steps.some((step) => step > own[0]! && step < own[0]! + distance);
  return isEven && isSparse ? distance : null;
}

/** Runs of missing records, as pairs of values between which the usual distance is exceeded. */
export function gaps(values: readonly number[]): [number, number][] {
  const distances = values.slice(1).map((value, i) => value - values[i]!);
  const usual = [...distances].sort((a, b) => a - b)[distances.length >> 1] ?? 0;
  if (!(usual > 0)) return [];
  return distances.flatMap((distance, i) =>
    distance > 2.5 * usual ? [[values[i]!, values[i + 1]!] as [number, number]] : [],
  );
}
