import {expect, test} from 'vitest';
import {decodeBlock, readArray} from '../src/block';

function block(header: unknown, body: number[]): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + text.length) / 8) * 8;
  const bytes = new Uint8Array(start + body.length);
  bytes.set(new TextEncoder().encode('TBX1'));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text, 8);
  bytes.set(body, start);
  return bytes.buffer;
}

test('header and body come out as they went in', () => {
  for (let padding = 0; padding < 8; padding++) {
    const header = {name: 'ü'.repeat(padding)};
    const decoded = decodeBlock<typeof header>(block(header, [1, 2, 3]));
    expect(decoded.header).toEqual(header);
    expect([...decoded.body]).toEqual([1, 2, 3]);
  }
});

test('an empty body may lack the padding', () => {
  const whole = block({a: 1}, []);
  const cut = whole.slice(0, 8 + '{"a":1}'.length);
  expect(decodeBlock(cut).body.length).toBe(0);
});

test('other bytes are refused', () => {
  expect(() => decodeBlock(new TextEncoder().encode('<html></html>').buffer)).toThrow('TBX1');
  expect(() => decodeBlock(new ArrayBuffer(3))).toThrow('TBX1');
});

test('a header longer than the block is refused', () => {
  const bytes = new Uint8Array(block({}, []));
  new DataView(bytes.buffer).setUint32(4, 1000, true);
  expect(() => decodeBlock(bytes.buffer)).toThrow('1000');
});

test('arrays are read little-endian and own their memory', () => {
  const {body} = decodeBlock(block({}, [0, 0, 0, 0, 0, 0, 128, 63]));
  const entry = {name: 'x', dtype: 'float32', shape: [1, 1], offset: 4};
  expect([...readArray(body, entry)]).toEqual([1]);
  expect(readArray(body, entry).buffer.byteLength).toBe(4);
  expect([...readArray(body, {...entry, dtype: 'int32'})]).toEqual([0x3f800000]);
});

test('an array that is cut off or of an unknown type is refused', () => {
  const {body} = decodeBlock(block({}, [0, 0, 0, 0]));
  expect(() => readArray(body, {name: 'x', dtype: 'float32', shape: [2], offset: 0})).toThrow("'x'");
  expect(() => readArray(body, {name: 'x', dtype: 'bool', shape: [1], offset: 0})).toThrow('bool');
});
