/** How the maps of a record are stored. */
export interface MapCoding {
  dtype: 'uint8' | 'uint16';
  shape: readonly number[];
  signed: boolean;
}

/** One map: integers as stored and what turns them into values, or values that were computed. */
export interface StoredMap {
  values: Uint8Array | Uint16Array | Float32Array;
  rows: number;
  cols: number;
  channels: number;
  signed: boolean;
  /** Integer of the value 0. */
  zero: number;
  /** Integer steps from 0 to the scale. */
  levels: number;
  /** Value of one integer step. */
  unit: number;
  /** Largest |value|. */
  scale: number;
  /** 99th percentile of |value|. */
  p99: number;
}

const PREFIX = 8;

/** Integer of the value 0 and the number of levels from it to the scale. */
export function levels(coding: MapCoding): {zero: number; count: number} {
  const wide = coding.dtype === 'uint16';
  if (coding.signed) return wide ? {zero: 32768, count: 32767} : {zero: 128, count: 127};
  return {zero: 0, count: wide ? 65535 : 255};
}

/** Bytes of one map in a block: `float32 scale, float32 p99`, then the values. */
export function mapBytes(coding: MapCoding): number {
  const items = coding.shape.reduce((product, size) => product * size, 1);
  return PREFIX + items * (coding.dtype === 'uint16' ? 2 : 1);
}

/** Reads the map that starts at `offset`; the values are a view into `body`. */
export function readMap(coding: MapCoding, body: Uint8Array, offset: number): StoredMap {
  const [rows = 0, cols = 0, channels = 1] = coding.shape;
  const items = rows * cols * channels;
  if (offset + mapBytes(coding) > body.byteLength) throw new Error('A map is cut off.');
  const view = new DataView(body.buffer, body.byteOffset + offset, PREFIX);
  const scale = view.getFloat32(0, true);
  const {zero, count} = levels(coding);
  const start = body.byteOffset + offset + PREFIX;
  const values =
    coding.dtype === 'uint16'
      ? new Uint16Array(body.buffer, start, items)
      : new Uint8Array(body.buffer, start, items);
  const common = {values, rows, cols, channels, signed: coding.signed, zero, scale};
  return {...common, levels: count, unit: scale / count, p99: view.getFloat32(4, true)};
}

/** Value of a map at a cell. */
export function valueAt(map: StoredMap, row: number, col: number, channel = 0): number {
  const index = (row * map.cols + col) * map.channels + channel;
  return Math.fround((((map.values[index] ?? map.zero) - map.zero) / map.levels) * map.scale);
}

/** All values of a map, row-major `(rows, cols, channels)`. */
export function decodeValues(map: StoredMap): Float32Array {
  const {values: integers, zero, levels: count, scale} = map;
  const values = new Float32Array(integers.length);
  for (let i = 0; i < values.length; i++) values[i] = ((integers[i]! - zero) / count) * scale;
  return values;
}

/** A map of values that were computed, such as a difference. */
export function computedMap(values: Float32Array, rows: number, cols: number, signed: boolean): StoredMap {
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return {values, rows, cols, channels: 1, signed, zero: 0, levels: scale || 1, unit: 1, scale, p99: scale};
}
