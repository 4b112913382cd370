// The shape of a sparkline as an SVG path in a box of 100 x 100.

/** Returns the path of the known values; a gap starts a new piece, a lone value is a dash. */
export function sparkPath(values: readonly (number | null)[], top: number): string {
  const pieces: string[] = [];
  let pen = false;
  values.forEach((value, index) => {
    const place = sparkPlace(values, top, index);
    if (place) {
      const alone = !pen && !isKnown(values[index + 1]);
      pieces.push(`${pen ? 'L' : 'M'}${place.x.toFixed(1)} ${place.y.toFixed(1)}${alone ? 'h2' : ''}`);
    }
    pen = isKnown(value);
  });
  return pieces.join('');
}

/** Place of one value in the box, from its upper left corner; `null` where there is none. */
export function sparkPlace(
  values: readonly (number | null)[],
  top: number,
  index: number,
): {x: number; y: number} | null {
  const value = values[index];
  if (!isKnown(value)) return null;
  const share = top > 0 ? Math.min(1, Math.max(0, value / top)) : 0;
  return {x: (100 * index) / Math.max(1, values.length - 1), y: 100 - 100 * share};
}

function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
