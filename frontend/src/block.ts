const MAGIC = 'TBX1';

/** A packed answer of the server: a JSON header and the bytes that it points into. */
export interface Block<Header> {
  header: Header;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Decodes `b"TBX1"`, uint32 header length, header JSON, zeros up to a multiple of 8, body.
 * Offsets in the header count from the start of the body.
 */
export function decodeBlock<Header>(buffer: ArrayBuffer): Block<Header> {
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || ascii(buffer, 4) !== MAGIC) {
    throw new Error(`A block starts with ${MAGIC}. Received: ${buffer.byteLength} other bytes.`);
  }
  const length = view.getUint32(4, true);
  if (8 + length > buffer.byteLength) {
    throw new Error(`A block of ${buffer.byteLength} bytes cannot hold a header of ${length}.`);
  }
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length))) as Header;
  const start = Math.min(Math.ceil((8 + length) / 8) * 8, buffer.byteLength);
  return {header, body: new Uint8Array(buffer, start)};
}

function ascii(buffer: ArrayBuffer, length: number): string {
  return String.fromCharCode(...new Uint8Array(buffer, 0, length));
}

export interface ArrayEntry {
  name: string;
  dtype: string;
  shape: number[];
  offset: number;
}

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array | Int16Array;

const TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
} as const;

/** Returns the array that `entry` describes, as a copy that owns its memory. */
export function readArray(body: Uint8Array<ArrayBuffer>, entry: ArrayEntry): Numbers {
  const Type = TYPES[entry.dtype as keyof typeof TYPES];
  if (!Type) throw new Error(`Arrays are ${Object.keys(TYPES).join(', ')}. Received: ${entry.dtype}`);
  const items = entry.shape.reduce((product, size) => product * size, 1);
  const end = entry.offset + items * Type.BYTES_PER_ELEMENT;
  if (end > body.byteLength) throw new Error(`Array '${entry.name}' is cut off.`);
  return new Type(body.slice(entry.offset, end).buffer);
}
