import type {StoredMap} from '../records/maps';
import {ENTRIES, type Lut} from './lut';
import {factorFor, upsample} from './upsample';

export interface PaintOptions {
  /** Value of full colour; its negative is the other end of signed maps. */
  top: number;
  /** Whether each computed cell is one pixel. */
  cells?: boolean;
  /** The channel to paint. */
  channel?: number;
}

/** Index into the lookup table: `integer * gain + offset`, before it is held to the table. */
export function indexing(map: StoredMap, top: number): {gain: number; offset: number} {
  const last = ENTRIES - 1;
  const share = top > 0 ? map.unit / top : 0;
  if (map.signed) return {gain: (share * last) / 2, offset: last / 2 - (map.zero * share * last) / 2 + 0.5};
  return {gain: share * last, offset: 0.5};
}

let scratch = new Float32Array(0);

/** Interpolated integers of one channel; valid until the next call. */
function interpolated(map: StoredMap, channel: number, factor: number): Float32Array {
  const items = map.rows * map.cols * factor * factor;
  if (scratch.length < items) scratch = new Float32Array(items);
  const {rows, cols, channels} = map;
  upsample(map.values, {rows, cols, channels, channel, factor}, scratch);
  return scratch;
}

interface Pixels {
  image: ImageData;
  colours: Uint32Array<ArrayBuffer>;
}

const reused = new Map<string, Pixels>();

/** Pixels of a size, to write into and hand to a canvas at once: a frame makes no garbage. */
function pixelsOf(width: number, height: number): Pixels {
  const key = `${width}x${height}`;
  let found = reused.get(key);
  if (!found) {
    const colours = new Uint32Array(width * height);
    found = {image: new ImageData(new Uint8ClampedArray(colours.buffer), width, height), colours};
    reused.set(key, found);
  }
  return found;
}

const pixelCount = (map: StoredMap, options: PaintOptions): number => map.rows * map.cols * factorOf(map, options) ** 2;

const factorOf = (map: StoredMap, options: PaintOptions): number => (options.cells ? 1 : factorFor(map.rows, map.cols));

/** Colours of a map as packed RGBA, row-major. Values are interpolated before the colour lookup. */
export function colours(
  map: StoredMap, lut: Lut, options: PaintOptions, out = new Uint32Array(pixelCount(map, options)),
): Uint32Array<ArrayBuffer> {
  const factor = factorOf(map, options);
  const values = interpolated(map, options.channel ?? 0, factor);
  const {gain, offset} = indexing(map, options.top);
  const last = ENTRIES - 1;
  for (let i = 0; i < out.length; i++) {
    const index = values[i]! * gain + offset;
    out[i] = lut[index <= 0 ? 0 : index >= last ? last : index | 0]!;
  }
  return out;
}

/** Colours of a map of three channels, read as red, green and blue; 0 of a signed map is mid grey. */
export function rgbColours(
  map: StoredMap, options: PaintOptions, out = new Uint32Array(pixelCount(map, options)),
): Uint32Array<ArrayBuffer> {
  const factor = factorOf(map, options);
  out.fill(0xff000000);
  const share = options.top > 0 ? map.unit / options.top : 0;
  const gain = map.signed ? share * 127.5 : share * 255;
  const offset = map.signed ? 127.5 - map.zero * gain : 0;
  for (let channel = 0; channel < 3; channel++) {
    const values = interpolated(map, channel, factor);
    for (let i = 0; i < out.length; i++) {
      const level = Math.round(Math.min(255, Math.max(0, values[i]! * gain + offset)));
      out[i] = (out[i]! | (level << (8 * channel))) >>> 0;
    }
  }
  return out;
}

/** Paints a map into a canvas, which takes the size that the map needs. */
export function paint(canvas: HTMLCanvasElement, map: StoredMap, lut: Lut, options: PaintOptions): void {
  const factor = factorOf(map, options);
  const [width, height] = [map.cols * factor, map.rows * factor];
  const pixels = pixelsOf(width, height);
  if (map.channels === 3) rgbColours(map, options, pixels.colours);
  else colours(map, lut, options, pixels.colours);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')?.putImageData(pixels.image, 0, 0);
}

export function clear(canvas: HTMLCanvasElement): void {
  canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
}
