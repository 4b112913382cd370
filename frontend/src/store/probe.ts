// Steps as they are asked for.
/** What the server may read for one group of maps; beyond that, evenly spread steps stand in. */
const READ_BUDGET = 64 * 2 ** 20;
const MOST_STEPS = 64;

/**
 * Steps that stand for a run: all of a short one, of a long one every 2nd, 4th, ... and the last,
 * so that a growing run asks only for what is new.
 */
export function probeSteps(steps: readonly number[], bytesPerStep: number): readonly number[] {
  const most = Math.max(8, Math.min(MOST_STEPS, Math.floor(READ_BUDGET / bytesPerStep)));
  if (steps.length <= most) return steps;
  const stride = 2 ** Math.ceil(Math.log2(steps.length / most));
  return steps.filter((_, i) => i % stride === 0 || i === steps.length - 1);
}

/** Steps as the server takes them, neighbours as a range. */
export function spanText(wanted: readonly number[], all: readonly number[]): string {
  const places = new Map(all.map((step, i) => [step, i]));
  const spans: [number, number][] = [];
  let last = -2;
  for (const step of wanted) {
    const place = places.get(step) ?? -2;
    if (place === last + 1 && spans.length) spans.at(-1)![1] = step;
    else spans.push([step, step]);
    last = place;
  }
  return spans.map(([first, end]) => (first === end ? first : `${first}-${end}`)).join();
}
