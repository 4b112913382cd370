import {expect, test} from 'vitest';
import type {Outcome} from '../src/store/predictions';
import {pathOf, ticks, timeTicks} from '../src/scrubber/curves';
import {clock, duration, figure, grouped, moment} from '../src/ui/format';
import {arrange, FIGURES, type Filters, type Row} from '../src/views/samples/order';
import {sentence, streaks} from '../src/store/states';
import {changedAt, changes, flippedAt, lostAt} from '../src/views/samples/outcomes';

/** A history from letters: r right, w wrong, x another wrong class, - unknown. */
const history = (letters: string): Outcome[] =>
  [...letters].map((letter) => ({
    predicted: {r: 1, w: 2, x: 3, '-': 4}[letter] ?? null,
    probability: 0.5,
    correct: letter === '-' ? null : letter === 'r',
    score: null,
  }));
const told = (letters: string) => sentence(streaks(history(letters)), String);

test.each([
  ['wwwrrr', 'Learned at 3'],
  ['wrrww', 'Learned at 1, forgotten at 3'],
  ['rrrr', 'Right from the start'],
  ['rrw', 'Right from the start, forgotten at 2'],
  ['wwxw', 'Never learned'],
  ['wrwr', 'Learned at 1, wrong from 2, right again from 3'],
  ['wrwrwr', 'Learned at 1, right again from 5 after 5 changes'],
  ['wrwrw', 'Learned at 1, forgotten at 4 after 4 changes'],
  ['----', ''],
  ['', ''],
])('the history %s is told as: %s', (letters, words) => {
  expect(told(letters)).toBe(words);
});

/** A history with masks: capitals are on the object. */
const toldWithMasks = (letters: string) =>
  sentence(streaks(history(letters.toLowerCase()), [...letters].map((letter) => letter !== letter.toLowerCase())), String);

test.each([
  ['wwrrRRRww', 'Learned at 2, right reason from 4, forgotten at 7'],
  ['wrrr', 'Learned at 1, never for the right reason'],
  ['wrww', 'Learned at 1, never for the right reason, forgotten at 2'],
  ['wwRR', 'Learned at 2'],
  ['wrRrR', 'Learned at 1, right reason again from 4'],
  ['wRRrr', 'Learned at 1, right reason until 3'],
  ['wrWR', 'Learned at 1, wrong from 2, right again from 3, for the right reason'],
  ['wwWWw', 'Never learned; looked at the object from 2 to 3'],
  ['wWwWW', 'Never learned; looked at the object last from 3'],
  ['wWw', 'Never learned; looked at the object at 1'],
  ['www', 'Never learned'],
  ['WWW', 'Never learned'],
])('with masks the history %s is told as: %s', (letters, words) => {
  expect(toldWithMasks(letters)).toBe(words);
});

test('a sample that turned wrong has flipped, and is forgotten where it stays so', () => {
  const all = history('wwwrrrwwwwww');
  expect([5, 6, 7, 8, 9, 11].map((record) => lostAt(all, record)?.kind ?? null)).toEqual([
    null, 'flipped', 'flipped', 'forgotten', 'forgotten', 'forgotten',
  ]);
  expect(lostAt(all, 11)?.at).toBe(6);
});

test('a sample has flipped while it is wrong after it was right', () => {
  const all = history('wrrwwr');
  expect([0, 1, 3, 4, 5].map((record) => flippedAt(all, record))).toEqual([null, null, 3, 3, null]);
});

test('changes of the predicted class are found', () => {
  expect(changes(history('wwxxr'))).toBe(2);
  expect(changedAt(history('wwxxr'), 3)).toBe(2);
  expect(changedAt(history('wwww'), 3)).toBe(null);
});

const row = (sample: number, name: string, label: number, letters: string, probability = 0.5): Row => {
  const all = history(letters);
  const now = {...all.at(-1)!, probability};
  return {sample, name, label, labelName: `digit ${label}`, history: all, now, record: all.length - 1};
};
const table = [row(0, 'img10', 1, 'wr', 0.9), row(1, 'img9', 2, 'rw', 0.3), row(2, 'img2', 1, 'ww', 0.7)];
const none: Filters = {words: '', outcome: 'any', label: null};
const samplesOf = (rows: Row[]) => rows.map(({sample}) => sample);

test('rows are sorted by what is named', () => {
  expect(samplesOf(arrange(table, none, 'recorded'))).toEqual([0, 1, 2]);
  expect(samplesOf(arrange(table, none, 'name'))).toEqual([2, 1, 0]);
  expect(samplesOf(arrange(table, none, 'class'))).toEqual([0, 2, 1]);
  expect(samplesOf(arrange(table, none, 'sure'))).toEqual([0, 2, 1]);
  expect(samplesOf(arrange(table, none, 'unsure'))).toEqual([1, 2, 0]);
  expect(samplesOf(arrange(table, none, 'wrong'))).toEqual([2, 1, 0]);
  expect(samplesOf(arrange(table, none, 'changes'))).toEqual([0, 1, 2]);
});

test('samples between two classes, and those that are forgotten most, come first', () => {
  const all = [row(0, 'a', 1, 'rwr'), row(1, 'b', 1, 'rwrwr'), row(2, 'c', 1, 'wwwr')];
  const margins = [0.4, null, 0.02];
  const known = all.map((one, i) => ({...one, margin: margins[i]!}));
  expect(samplesOf(arrange(known, none, 'margin'))).toEqual([2, 0, 1]);
  expect(samplesOf(arrange(known, none, 'forgotten'))).toEqual([1, 0, 2]);
  expect(samplesOf(arrange([...known, row(3, 'd', 1, 'www')], none, 'learned'))).toEqual([3, 2, 0, 1]);
  expect(Object.entries(FIGURES).map(([name, of]) => [name, of(known[0]!)])).toEqual(
    [['confidence', 0.5], ['margin', 0.4], ['flips', 2], ['forgotten', 1]],
  );
});

test('filters hold together', () => {
  expect(samplesOf(arrange(table, {...none, outcome: 'wrong'}, 'recorded'))).toEqual([1, 2]);
  expect(samplesOf(arrange(table, {...none, outcome: 'forgotten'}, 'recorded'))).toEqual([1]);
  expect(samplesOf(arrange(table, {...none, outcome: 'changed'}, 'recorded'))).toEqual([0, 1]);
  expect(samplesOf(arrange(table, {...none, label: 1, outcome: 'wrong'}, 'recorded'))).toEqual([2]);
  expect(samplesOf(arrange(table, {...none, words: ' IMG1'}, 'recorded'))).toEqual([0]);
  expect(samplesOf(arrange(table, {...none, words: 'digit 2'}, 'recorded'))).toEqual([1]);
});

test('a curve breaks where a value is missing, and a value alone is a dot', () => {
  expect(pathOf([0, 1, 2, 3], [0, null, 1, 0.5], [0, 4], [0, 1])).toBe('M0.00 100.0h0M50.00 0.0h0L75.00 50.0');
  expect(pathOf([0, 2], [0, 1], [0, 4], [0, 1], {width: 200, height: 50})).toBe('M0.00 50.0h0L100.00 0.0');
});

test('a long curve keeps its ends', () => {
  const xs = Array.from({length: 5000}, (_, i) => i);
  const path = pathOf(xs, xs, [0, 4999], [0, 4999]);
  expect(path.startsWith('M0.00 100.0h0L')).toBe(true);
  expect(path.endsWith('L100.00 0.0')).toBe(true);
  expect(path.split('L').length).toBeLessThan(700);
});

test('ticks are round and inside the range', () => {
  expect(ticks([0, 40], 8, true)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40]);
  expect(ticks([0, 2], 8, true)).toEqual([0, 1, 2]);
  expect(ticks([3, 17], 4, true)).toEqual([5, 10, 15]);
  expect(timeTicks([0, 100], 4)).toEqual([0, 30, 60, 90]);
});

test('figures are short and keep their sign', () => {
  expect([0, 0.7106, -1.05, 32.04, 412.3, 0.00042, 123456, -0.064].map(figure)).toEqual([
    '0', '.71', '\u22121.05', '32', '412', '4.2e\u22124', '1.2e5', '\u2212.064',
  ]);
  expect(figure(NaN)).toBe('NaN');
});

test('large numbers are grouped and spans of time readable', () => {
  expect([9672, 999, -12345].map(grouped)).toEqual(['9\u202f672', '999', '\u221212\u202f345']);
  expect([45, 720, 12000, 187200].map(duration)).toEqual(['45 s', '12 min', '3 h 20', '2 d 4 h']);
  expect([45, 120, 150, 178.4, 600, 12000].map(moment)).toEqual(['45 s', '2 min', '2 min 30', '2 min 58', '10 min', '3 h 20']);
  expect(clock(0)).toMatch(/^\d\d:\d\d:00$/);
});
