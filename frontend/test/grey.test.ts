import {expect, test} from 'vitest';
import {giveWay} from '../src/render/grey';

/** The same as the CSS filters grayscale(1) contrast(.66) brightness(.8). */
test.each([
  [[255, 255, 255], 169],
  [[0, 0, 0], 35],
  [[255, 0, 0], 63],
  [[0, 255, 0], 131],
])('%j becomes grey %i and stays as opaque', (colour, grey) => {
  const pixels = Uint8ClampedArray.of(...colour, 200);
  giveWay(pixels);
  expect([...pixels]).toEqual([grey, grey, grey, 200]);
});
