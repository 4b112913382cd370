// Series of figures over steps, and what a chart of them needs.

/** A figure over the steps at which it was recorded. */
export interface Series {
  name: string;
  steps: readonly number[];
  values: readonly (number | null)[];
}

/** Returns `[0, top]` or the range around both signs, padded so that a line never hugs the edge. */
export function valueRange(series: readonly (readonly (number | null)[])[]): [number, number] {
  const known = series.flat().filter((value): value is number => value !== null);
  if (!known.length) return [0, 1];
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  if (low === high) return [0, 1];
  const pad = 0.05 * (high - low);
  return [low < 0 ? low - pad : 0, high > 0 ? high + pad : 0];
}

/** Picks at most `places` of the steps, evenly up to the current one, which is always among them. */
export function pickSteps(steps: readonly number[], current: number, places: number): number[] {
  const past = steps.filter((step) => step <= current);
  const last = past.length - 1;
  if (last < 0 || places < 1) return [];
  if (last < places) return past;
  if (places === 1) return [past[last]!];
  const chosen = Array.from({length: places}, (_, place) =>
    past[Math.round((place * last) / (places - 1))]!);
  return [...new Set(chosen)];
}
