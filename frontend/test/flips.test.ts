import {expect, test} from 'vitest';
import {flipsOf, stretches} from '../src/views/samples/flips';
import {piecesOf} from '../src/views/samples/Timeline';

const DOG = 0;
const CAT = 1;

test('records of the same class are one stretch', () => {
  expect(stretches([DOG, DOG, CAT, DOG])).toEqual([
    {target: DOG, from: 0, to: 1}, {target: CAT, from: 2, to: 2}, {target: DOG, from: 3, to: 3},
  ]);
  expect(stretches([null, DOG, null, DOG])).toEqual([{target: DOG, from: 1, to: 3}]);
  expect(stretches([])).toEqual([]);
});

test('a flip is told with the classes on both sides', () => {
  expect(flipsOf([DOG, DOG, null, CAT, CAT])).toEqual([{before: DOG, after: CAT, record: 3}]);
  expect(flipsOf([DOG, DOG])).toEqual([]);
});

test('a curve breaks at a flip, and a stretch of one record is a dot', () => {
  const curve = (targets: number[]) => piecesOf(stretches(targets), [0, 1, 2], [0, 1, 0], [0, 2], [0, 1]);
  expect(curve([DOG, DOG, DOG])).toBe('M0.00 100.0h0L50.00 0.0L100.00 100.0');
  expect(curve([DOG, DOG, CAT])).toBe('M0.00 100.0h0L50.00 0.0M100.00 100.0h0');
});
