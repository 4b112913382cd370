// Colours of a heat strip: one pixel per record. Pure; the canvas is in HeatStrip.tsx.

/** Colours as packed RGBA, the low end of the scale first. */
export type Lut = Uint32Array;

export interface HeatScale {
  low: number;
  high: number;
}

/** Returns the place of a value on the scale, 0 to 1; values outside are clipped. */
export function heatLevel(value: number, scale: HeatScale): number {
  const share = (value - scale.low) / (scale.high - scale.low);
  return Math.min(1, Math.max(0, share));
}

/** Returns one pixel per value; a value that is not finite stays transparent. */
export function heatPixels(values: ArrayLike<number>, scale: HeatScale, lut: Lut): Uint32Array {
  const pixels = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (!Number.isFinite(value)) continue;
    pixels[index] = lut[Math.round(heatLevel(value, scale) * (lut.length - 1))] ?? 0;
  }
  return pixels;
}

/** Returns at most `columns` values; each is the extreme of its span, so no spike is lost. */
export function condense(values: ArrayLike<number>, columns: number): Float32Array {
  if (values.length <= columns) return Float32Array.from(values);
  return Float32Array.from({length: columns}, (_, column) => {
    const start = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    return extreme(values, start, end);
  });
}

/** Place of a step in the strip, 0 to 1: the middle of its column. */
export function placeOf(index: number, columns: number): number {
  return columns > 0 ? (index + 0.5) / columns : 0;
}

/** Column at a place of the strip, 0 to 1. */
export function columnAt(place: number, columns: number): number {
  return Math.min(columns - 1, Math.max(0, Math.floor(place * columns)));
}

function extreme(values: ArrayLike<number>, start: number, end: number): number {
  let found = NaN;
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(found) || Math.abs(value) > Math.abs(found)) found = value;
  }
  return found;
}
