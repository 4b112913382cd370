import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

type Tokens = Record<string, string>;

/** The colours of a block of the tokens. */
function tokensOf(sheet: string, opening: string): Tokens {
  const start = sheet.indexOf(opening);
  const block = sheet.slice(start, sheet.indexOf('\n}', start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name, colour]) => [name!, colour!]));
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const level = parseInt(colour.slice(at, at + 2), 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours by WCAG 2.2, 1 to 21. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function colourOf(tokens: Tokens, name: string): string {
  const colour = tokens[name];
  if (!colour) throw new Error(`No token --${name}`);
  return colour;
}

const sheet = readFileSync(new URL('../src/style/tokens.css', import.meta.url), 'utf8');
const light = tokensOf(sheet, ':root {');
const dark = {...light, ...tokensOf(sheet, ':root.dark {')};
const SURFACES = ['bg', 'surface', 'surface-hover', 'surface-sunken'];

/** Pairs of text and what is behind it: at least 4.5. */
const TEXT = [
  ...['text', 'text-2'].flatMap((text) => SURFACES.map((surface) => [text, surface])),
  ...['accent-text', 'right', 'wrong', 'error', 'warn'].map((text) => [text, 'surface']),
  ...['right', 'wrong', 'error', 'warn', 'info'].map((text) => [text, `${text}-soft`]),
  ['text', 'accent-soft'],
] as [string, string][];
/** Pairs of what must be seen without being read: at least 3. */
const MARKS = [
  ...['focus', 'line-control', 'cursor', 'axis'].flatMap((mark) => ['bg', 'surface'].map((surface) => [mark, surface])),
  ['right-fill', 'surface'], ['wrong-fill', 'surface'],
] as [string, string][];

test.each([['light', light], ['dark', dark]] as const)('texts and marks stand out from what is behind them: %s', (_, tokens) => {
  const weak = (pairs: [string, string][], least: number) =>
    pairs
      .map(([front, back]) => ({pair: `${front} on ${back}`, found: contrast(colourOf(tokens, front), colourOf(tokens, back))}))
      .filter(({found}) => found < least);
  expect(weak(TEXT, 4.5)).toEqual([]);
  expect(weak(MARKS, 3)).toEqual([]);
});

test('contrast is that of the standard', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});
