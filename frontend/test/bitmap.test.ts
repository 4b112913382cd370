import {expect, test} from 'vitest';
import {bitmap} from '../src/render/bitmap';

test('a picture of 3 x 2 greys is a BMP whose rows are padded to 4 bytes', async () => {
  const greys = [10, 20, 30, 40, 50, 255];
  const data = Uint8ClampedArray.from(greys.flatMap((grey) => [grey, grey, grey, 255]));
  const blob = bitmap({data, width: 3, height: 2});
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(bytes.buffer);
  expect(blob.type).toBe('image/bmp');
  expect(String.fromCharCode(bytes[0]!, bytes[1]!)).toBe('BM');
  expect(view.getUint32(2, true)).toBe(bytes.length);
  expect([view.getInt32(18, true), view.getInt32(22, true), view.getUint16(28, true)]).toEqual([3, -2, 8]);
  const start = view.getUint32(10, true);
  expect([...bytes.subarray(start)]).toEqual([10, 20, 30, 0, 40, 50, 255, 0]);
  expect([...bytes.subarray(54 + 4 * 40, 54 + 4 * 40 + 4)]).toEqual([40, 40, 40, 0]);
});
