import {describe, expect, test} from 'vitest';
import {distances, evenFrames, everyFrames, keyFrames, ordinal, turningPoints, usualDistance} from '../src/views/filmstrip/key_frames';
import {inSight, meanChanges} from '../src/views/filmstrip/changes';

const indexes = (frames: readonly {index: number}[]) => frames.map(({index}) => index);
/** 41 records with small changes everywhere and large ones at some. */
const changesWith = (large: Record<number, number>) => Array.from({length: 41}, (_, i) => (i ? (large[i] ?? 0.02) : null));

describe('key frames', () => {
  const changes = changesWith({7: 0.55, 12: 0.72, 31: 0.86});

  test('frame each of the largest changes by the record before it and its own', () => {
    const columns = keyFrames(changes, 10, 31);

    expect(indexes(columns)).toEqual(expect.arrayContaining([0, 6, 7, 11, 12, 30, 31, 40]));
    expect(columns).toHaveLength(10);
    expect(columns.filter(({isKey}) => isKey).map(({index}) => index)).toEqual([7, 12, 31]);
  });

  test('of fewer columns are a part of those of more', () => {
    expect(indexes(keyFrames(changes, 10, 31))).toEqual(expect.arrayContaining(indexes(keyFrames(changes, 7, 31))));
  });

  test('hold the current record and leave out the smallest change for it', () => {
    const [with31, with20] = [indexes(keyFrames(changes, 10, 31)), indexes(keyFrames(changes, 10, 20))];

    expect(with20).toContain(20);
    expect(with20).toHaveLength(10);
    expect(with20.filter((index) => !with31.includes(index))).toEqual([20]);
  });

  test('are spread evenly over records that change alike', () => {
    const even = Array.from({length: 41}, (_, i) => (i ? 0.1 : null));

    expect(indexes(keyFrames(even, 5, 40))).toEqual([0, 10, 20, 30, 40]);
    expect(turningPoints(even, 3)).toEqual([]);
  });

  test('are denser where small changes add up', () => {
    const early = Array.from({length: 101}, (_, i) => (i === 0 ? null : i <= 10 ? 0.3 + i / 1000 : 0.001));

    expect(indexes(keyFrames(early, 9, 100)).filter((index) => index <= 10).length).toBeGreaterThan(6);
  });

  test('are all records where these have room', () => {
    expect(indexes(keyFrames([null, 0.5, null], 10, 2))).toEqual([0, 1, 2]);
    expect(indexes(keyFrames([null], 10, 0))).toEqual([0]);
  });

  test('frame a change by the record that it was compared with', () => {
    const sparse = Array.from({length: 41}, (_, i) => (i && i % 4 === 0 ? (i === 20 ? 0.9 : 0.02) : null));
    const columns = keyFrames(sparse, 10, 40);

    expect(indexes(columns)).toEqual(expect.arrayContaining([16, 20]));
    expect(columns.filter(({isJoined}) => isJoined).map(({index}) => index)).toEqual([20]);
  });

  test('are chosen without any known change', () => {
    const unknown = Array.from({length: 100}, () => null);

    expect(indexes(keyFrames(unknown, 5, 50))).toHaveLength(5);
  });
});

describe('all that fit', () => {
  test('are spread evenly from the first to the last record', () => {
    expect(indexes(evenFrames(changesWith({}), 5, 40))).toEqual([0, 10, 20, 30, 40]);
  });

  test('hold the current record in the place of its nearest neighbour', () => {
    expect(indexes(evenFrames(changesWith({}), 5, 22))).toEqual([0, 10, 22, 30, 40]);
  });
});

describe('every k-th record', () => {
  test('comes in pages, of which that with the current record is shown', () => {
    const all = Array.from({length: 100}, () => null);

    expect(indexes(everyFrames(all, 5, 8, 4))).toEqual([0, 4, 8, 12, 16]);
    expect(indexes(everyFrames(all, 5, 20, 4))).toEqual([20, 24, 28, 32, 36]);
  });

  test('lets the current record stand between them', () => {
    const all = Array.from({length: 100}, () => null);

    expect(indexes(everyFrames(all, 5, 9, 4))).toEqual([0, 4, 8, 9, 12]);
  });

  test('has a usual distance at which all have room', () => {
    expect(usualDistance(41, 11)).toBe(4);
    expect(usualDistance(8, 11)).toBe(1);
    expect(usualDistance(1000, 10)).toBe(100);
    expect(distances(10)).toEqual([1, 2, 3, 4]);
  });

  test('is called by its ordinal', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '113th']);
  });
});

test('changes of rows with fewer records count where these have one', () => {
  const often = {steps: [0, 1, 2, 3], changes: [null, 0.2, 0.4, 0.6]};
  const rare = {steps: [0, 2], changes: [null, 1]};

  expect(meanChanges([0, 1, 2, 3], [often, rare])).toEqual([null, 0.2, 0.7, 0.6]);
});

test('changes of maps that are hardly there count less', () => {
  const {changes} = inSight({steps: [0, 1, 2, 3], changes: [null, 0.8, 0.8, 0.8], strengths: [0.01, 0.01, 0.25, 1]});

  expect(changes).toEqual([null, 0.8 * 0.1, 0.8 * 0.5, 0.8]);
  expect(inSight({steps: [0, 1], changes: [null, 0.8], strengths: [null, null]}).changes).toEqual([null, 0.8]);
});
