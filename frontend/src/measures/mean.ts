/** Mean of those that are defined; `null` without any. */
export function meanOf(values: Iterable<number | null | undefined>): number | null {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count ? sum / count : null;
}
