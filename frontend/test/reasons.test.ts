import {expect, test} from 'vitest';
import type {MapTag, RunData} from '../src/api';
import {commandOf, shellText} from '../src/views/compare/command';
import type {Pair} from '../src/views/compare/pair';
import type {ChosenSide} from '../src/views/compare/sides';
import {isMoved, isSameClass, movedTitle, movedWords, verdictOf} from '../src/views/compare/verdict';

const runOf = (names: string[] | null): RunData => ({run: 'r', tags: [], samples: {class_names: names}}) as unknown as RunData;
const RUN = runOf(null);
const MATCH = {a: 0, b: 0, shown: 0};

interface Given {
  target?: number;
  notFinite?: number;
  mass?: number;
  values?: number[];
}

function sideOf({target = 1, notFinite = 0, mass}: Given) {
  return {target, notFinite, figures: mass === undefined ? {} : {relevance_mass: mass}, step: 0};
}

function judged(a: Given, b: Given, drift: number | null = 0) {
  const grids = [a, b].map(({values = [1, 2]}) => ({rows: 1, cols: 2, values: Float32Array.from(values)}));
  const pair = {a: sideOf(a), b: sideOf(b), grids} as unknown as Pair;
  return verdictOf(RUN, RUN, MATCH, {pair, drift});
}

test.each([
  [{}, {}, 0.7, []],
  [{}, {}, 0.71, ['drift']],
  [{mass: 0.6}, {mass: 0.41}, 0, []],
  [{mass: 0.6}, {mass: 0.39}, 0.8, ['drift', 'mass']],
  [{mass: 0.6}, {}, 0, []],
  [{mass: 0.2}, {mass: 0.9}, 0, []],
  [{}, {values: [0, 0]}, null, ['vanished']],
  [{}, {notFinite: 1}, 0.1, ['vanished']],
  [{values: [3, 3]}, {}, null, 'left out'],
  [{notFinite: 2}, {}, 1, 'left out'],
  [{}, {target: 2}, 1, 'left out'],
] as const)('%o and %o with a drift of %s: %o', (a, b, drift, expected) => {
  expect(judged(a as Given, b as Given, drift)).toEqual(expected);
});

test('classes are the same by name where both runs name them', () => {
  const [one, other] = [runOf(['cat', 'dog']), runOf(['dog', 'cat'])];
  expect(isSameClass(one, other, 0, 1)).toBe(true);
  expect(isSameClass(one, other, 0, 0)).toBe(false);
  expect(isSameClass(one, RUN, 0, 0)).toBe(true);
  expect(isSameClass(one, other, null, null)).toBe(true);
  expect(isSameClass(one, other, null, 0)).toBe(false);
});

test('what moved is told in words', () => {
  expect([undefined, 'changed', 'left out', []].map((verdict) => isMoved(verdict as never))).toEqual([false, false, false, false]);
  expect(isMoved(['mass'])).toBe(true);
  expect(movedWords(['drift', 'mass'])).toBe('drift, mass');
  expect(movedTitle(['mass'])).toContain('fell by more than 20');
});

test.each([
  ['logs/run-1', 'logs/run-1'],
  ['lr=2e-3,aug+x', 'lr=2e-3,aug+x'],
  ['my logs', "'my logs'"],
  ['it\u0027s', `'it'"'"'s'`],
  ['IG[points=8]/input', "'IG[points=8]/input'"],
  ['$(rm)', "'$(rm)'"],
  ['', "''"],
])('a shell reads %s as it is', (text, expected) => {
  expect(shellText(text)).toBe(expected);
});

test('the command names runs, maps and records of both sides', () => {
  const side = (run: string, tag: string, step: number | null) => {
    const maps = {tag, ranges: [[0, 3]]} as unknown as MapTag;
    return {run, tag, step, maps, data: {steps: [0, 5, 9]} as unknown as RunData, name: 'a'} as ChosenSide;
  };
  const [a, b] = [side('a/explain', 'X/y/label', 7), side('b/explain', 'X/y/label', 9)];
  expect(commandOf(a, b, '/logs/')).toBe('tb-explain check /logs/a/explain /logs/b/explain --tag X/y/label --step-a 5 --step-b 9');
  expect(commandOf(a, side('.', 'Z/y/label', 0), 'my logs')).toBe(
    "tb-explain check 'my logs/a/explain' 'my logs' --pair X/y/label Z/y/label --step-a 5 --step-b 0",
  );
});
