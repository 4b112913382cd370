// Series of figures over steps, and what a chart of them needs.

/** A figure over the steps at which it was recorded. */
export interface Series {
  name: string;
  steps: readonly number[];
  values: readonly (number | null)[];
}

/** Smallest and largest known value, 0 included; `null` without any. */
function reach(series: readonly (readonly (number | null | undefined)[])[]): [number, number] | null {
  let [low, high, known] = [0, 0, false];
  for (const values of series) {
    for (const value of values) {
      if (value === null || value === undefined || !Number.isFinite(value)) continue;
      known = true;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return known && low < high ? [low, high] : null;
}

/** Returns `[0, top]` or the range around both signs, padded so that a line never hugs the edge. */
export function valueRange(series: readonly (readonly (number | null | undefined)[])[]): [number, number] {
  const found = reach(series);
  if (!found) return [0, 1];
  const [low, high] = found;
  const pad = 0.05 * (high - low);
  return [low < 0 ? low - pad : 0, high > 0 ? high + pad : 0];
}

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next round number that is not smaller in size. */
function outward(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const size = ROUND.find((round) => round * power >= Math.abs(value) * (1 - 1e-9)) ?? 10;
  return Number((Math.sign(value) * size * power).toPrecision(2));
}

/** Figures without limits. */
export const NO_ENDS = [null, null] as const;

/** Round ends around all values and 0, not beyond `ends` where there are such. */
export function roundRange(
  series: readonly (readonly (number | null | undefined)[])[],
  [least, most]: readonly [number | null, number | null],
): [number, number] {
  const [low, high] = reach(series) ?? [0, 0];
  if (low === high) return [Math.min(0, least ?? 0), Math.min(1, most ?? 1)];
  return [
    Math.max(Math.min(least ?? -Infinity, low), outward(low)),
    Math.min(Math.max(most ?? Infinity, high), outward(high)),
  ];
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
