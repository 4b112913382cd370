/** Where each pixel of an axis lies between two cells. */
export interface Taps {
  from: Int32Array;
  to: Int32Array;
  part: Float32Array;
}

const known = new Map<string, Taps>();

/** Taps of bilinear upsampling by a whole factor, cells centred, edges held. */
export function taps(cells: number, factor: number): Taps {
  const key = `${cells}x${factor}`;
  let result = known.get(key);
  if (!result) {
    result = makeTaps(cells, factor);
    known.set(key, result);
  }
  return result;
}

function makeTaps(cells: number, factor: number): Taps {
  const pixels = cells * factor;
  const result = {from: new Int32Array(pixels), to: new Int32Array(pixels), part: new Float32Array(pixels)};
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = (pixel + 0.5) / factor - 0.5;
    const below = Math.floor(place);
    result.from[pixel] = Math.max(0, below);
    result.to[pixel] = Math.min(cells - 1, below + 1);
    result.part[pixel] = place - below;
  }
  return result;
}

/** Pixels per cell: values are interpolated until the browser's own scaling cannot be told apart. */
export function factorFor(rows: number, cols: number): number {
  const side = Math.max(rows, cols);
  if (side <= 24) return 4;
  if (side <= 40) return 3;
  return side <= 72 ? 2 : 1;
}

let rowsScratch = new Float32Array(0);

/**
 * Interpolates one channel of stored integers between the centres of cells.
 *
 * @param values Row-major `(rows, cols, channels)`.
 * @param out Receives `(rows * factor, cols * factor)` values.
 */
export function upsample(
  values: ArrayLike<number>,
  size: {rows: number; cols: number; channels: number; channel: number; factor: number},
  out: Float32Array,
): void {
  const {rows, cols, channels, channel, factor} = size;
  const across = taps(cols, factor);
  const down = taps(rows, factor);
  const width = cols * factor;
  if (rowsScratch.length < rows * width) rowsScratch = new Float32Array(rows * width);
  const wide = rowsScratch;
  for (let row = 0, k = 0; row < rows; row++) {
    const start = row * cols * channels + channel;
    for (let x = 0; x < width; x++, k++) {
      const low = values[start + across.from[x]! * channels]!;
      const high = values[start + across.to[x]! * channels]!;
      wide[k] = low + (high - low) * across.part[x]!;
    }
  }
  for (let y = 0, k = 0; y < rows * factor; y++) {
    const low = down.from[y]! * width;
    const high = down.to[y]! * width;
    const part = down.part[y]!;
    for (let x = 0; x < width; x++, k++) {
      out[k] = wide[low + x]! + (wide[high + x]! - wide[low + x]!) * part;
    }
  }
}
