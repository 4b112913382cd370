/** Share of the cells of a map that are its top. */
export const TOP = 0.2;

/**
 * Smallest |value| of the strongest `share` of the cells.
 *
 * Cells with the same |value| as the last of them belong to the top too; zeros never do.
 */
function limitOf(values: ArrayLike<number>, share: number): number {
  const strengths = new Float64Array(values.length);
  for (let i = 0; i < strengths.length; i++) strengths[i] = Math.abs(values[i]!);
  strengths.sort();
  const cells = Math.max(1, Math.round(share * strengths.length));
  return strengths[strengths.length - cells] || Number.MIN_VALUE;
}

/**
 * Overlap of the strongest cells of two maps on the same grid: those in the top of both over those
 * in the top of either (IoU); `null` where both maps are zero throughout.
 */
export function overlap(a: ArrayLike<number>, b: ArrayLike<number>, share = TOP): number | null {
  const [limitA, limitB] = [limitOf(a, share), limitOf(b, share)];
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [Math.abs(a[i]!) >= limitA, Math.abs(b[i]!) >= limitB];
    if (inA && inB) both += 1;
    if (inA || inB) either += 1;
  }
  return either ? both / either : null;
}
