import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {readArray, type ArrayEntry} from '../src/block';
import {decodeValues, mapBytes, readMap, type MapCoding, type StoredMap} from '../src/records/maps';

const folder = new URL('../../tests/golden/', import.meta.url);

interface Golden<Header, Values> {
  header: Header & {kind: string};
  payloads: string[];
  values: Values;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const all = readdirSync(folder).map((file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  return [file, JSON.parse(text) as Golden<MapCoding, number[][]>] as const;
});
const maps = all.filter(([, {header}]) => 'dtype' in header);

/** Half a level, and what rounding to float32 adds. */
function expectDecoded(map: StoredMap, expected: readonly number[]): void {
  const error = map.unit / 2 + map.scale * 1e-6 + 1.5e-45;
  const decoded = decodeValues(map);
  expect(decoded.length).toBe(expected.length);
  decoded.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(error));
  expected.forEach((value, i) => value === 0 && expect(decoded[i]).toBe(0));
}

test('there are golden maps', () => {
  expect(maps.length).toBeGreaterThan(5);
});

test.each(maps)('reads the values that Python wrote: %s', (_, {header, payloads, values}) => {
  payloads.forEach((text, i) => {
    const body = bytesOf(text);
    expect(mapBytes(header)).toBe(body.length);
    const map = readMap(header, body, 0);
    expectDecoded(map, values[i]!);
    expect(map.scale).toBe(Math.max(...values[i]!.map((value) => Math.abs(value))));
    expect([map.rows, map.cols, map.channels]).toEqual(header.shape);
  });
});

test.each(maps)('reads a map in the middle of a block: %s', (_, {header, payloads, values}) => {
  const body = new Uint8Array(2 + mapBytes(header));
  body.set(bytesOf(payloads[0]!), 2);
  expectDecoded(readMap(header, body, 2), values[0]!);
});

test.each(maps)('refuses a map that is cut off: %s', (_, {header, payloads}) => {
  expect(() => readMap(header, bytesOf(payloads[0]!).slice(0, -1), 0)).toThrow('cut off');
});

test('reads the arrays of a table', () => {
  const text = readFileSync(new URL('prediction.json', folder), 'utf8');
  type Nested = (number | null)[] | (number | null)[][];
  const {header, payloads, values} = JSON.parse(text) as Golden<{arrays: Omit<ArrayEntry, 'offset'>[]}, Record<string, Nested>>;
  header.arrays.forEach((entry, i) => {
    const found = [...readArray(bytesOf(payloads[i]!), {...entry, offset: 0})];
    const expected = values[entry.name]!.flat().map((value) => value ?? NaN);
    expect(found).toEqual(expected);
  });
});
