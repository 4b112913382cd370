import {colourAt, type Rgb, type TableName} from './tables';

/** Entries of a lookup table: enough for a log scale to keep its lower decades apart. */
export const ENTRIES = 4096;

/** How values become colours. */
export interface Style {
  table: TableName;
  signed: boolean;
  /** Whether opacity grows with |value|, is the same everywhere, or the map stands alone. */
  veil: 'value' | 'even' | 'solid';
  /** Share of the scale below which a map is transparent. */
  threshold: number;
  log: boolean;
  /** Opacity of the strongest values; default 1. */
  opacity?: number;
}

/** Packed RGBA colours in the byte order of `ImageData`; entry 0 is the low end of the scale. */
export type Lut = Uint32Array;

const DECADES = Math.log1p(1000);
/** Place of a share of the scale on a log ramp, 0 to 1. */
export const logarithmic = (share: number): number => Math.log1p(share * 1000) / DECADES;

/** Opacity of a value that is `strength` of the scale: zero gives way to the picture. */
export function opacityOf(strength: number, style: Style): number {
  if (style.veil === 'solid') return 1;
  if (strength < style.threshold || strength === 0) return 0;
  const most = style.opacity ?? 1;
  if (style.veil === 'even') return most;
  return most * Math.min(1, Math.max(0, (strength - 0.05) / 0.42)) ** 0.8;
}

/** Place in the table of a value between -1 and 1 (signed) or 0 and 1 of the scale. */
function placeOf(value: number, style: Style): number {
  if (!style.signed) return value;
  if (style.veil !== 'value') return (value + 1) / 2;
  return 0.5 + Math.sign(value) * (0.17 + 0.33 * Math.abs(value));
}

/** Colour and opacity of a value between -1 and 1 (signed) or 0 and 1 of the scale. */
export function paintOf(value: number, style: Style): {colour: Rgb; opacity: number} {
  const strength = style.log ? logarithmic(Math.abs(value)) : Math.abs(value);
  const shown = Math.sign(value) * strength;
  return {colour: colourAt(style.table, placeOf(shown, style)), opacity: opacityOf(strength, style)};
}

function pack([red, green, blue]: Rgb, opacity: number): number {
  const [r, g, b, a] = [red, green, blue, opacity * 255].map(Math.round) as [number, number, number, number];
  return ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Builds the lookup table of a style. */
export function makeLut(style: Style): Lut {
  return Uint32Array.from({length: ENTRIES}, (_, i) => {
    const share = i / (ENTRIES - 1);
    const {colour, opacity} = paintOf(style.signed ? 2 * share - 1 : share, style);
    return pack(colour, opacity);
  });
}

const made = new Map<string, Lut>();

/** The lookup table of a style, built once. */
export function lutOf(style: Style): Lut {
  const key = Object.values(style).join();
  let lut = made.get(key);
  if (!lut) {
    if (made.size > 64) made.clear();
    lut = makeLut(style);
    made.set(key, lut);
  }
  return lut;
}

/** CSS gradient of a style as an overlay paints it on mid grey, for legends. */
export function gradient(style: Style): string {
  const colours = Array.from({length: 13}, (_, i) => {
    const value = style.signed ? i / 6 - 1 : i / 12;
    const {colour, opacity} = paintOf(style.log ? unlog(value) : value, style);
    return `rgb(${colour.map((c) => Math.round(c * opacity + 112 * (1 - opacity))).join(' ')})`;
  });
  return `linear-gradient(90deg,${colours.join()})`;
}

const unlog = (value: number): number =>
  (Math.sign(value) * Math.expm1(Math.abs(value) * DECADES)) / 1000;
