import {expect, test} from 'vitest';
import {ENTRIES, gradient, makeLut, opacityOf, paintOf, type Style} from '../src/render/lut';
import {colourAt, DIVERGING, SEQUENTIAL, STOPS, type Rgb} from '../src/render/tables';

const style: Style = {table: 'inferno', signed: false, veil: 'value', threshold: 0, log: false};
const bytes = (packed: number) => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255, packed >>> 24];

/** CIE lightness, written from the definition. */
function lightness([r, g, b]: Rgb): number {
  const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const y = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

test.each(SEQUENTIAL)('%s grows steadily lighter', (table) => {
  const values = Array.from({length: 33}, (_, i) => lightness(colourAt(table, i / 32)));
  for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(values[i - 1]!);
});

test.each(DIVERGING)('%s is neutral and lightest at zero', (table) => {
  const middle = colourAt(table, 0.5);
  expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(8);
  for (const place of [0, 0.2, 0.8, 1]) expect(lightness(colourAt(table, place))).toBeLessThan(lightness(middle));
});

test('a table passes through its stops', () => {
  const stops = STOPS.viridis.split(' ');
  stops.forEach((hex, i) => {
    const colour = colourAt('viridis', i / (stops.length - 1)).map(Math.round);
    expect(colour.map((c) => c.toString(16).padStart(2, '0')).join('')).toBe(hex);
  });
});

test('zero is transparent over a picture and full colour alone', () => {
  expect(bytes(makeLut(style)[0]!)[3]).toBe(0);
  expect(bytes(makeLut({...style, veil: 'solid'})[0]!)).toEqual([0, 0, 4, 255]);
});

test('zero of a signed map lies in the middle of the table', () => {
  const lut = makeLut({...style, table: 'RdBu', signed: true, veil: 'solid'});
  const [red, green, blue] = bytes(lut[ENTRIES / 2]!) as [number, number, number];
  expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(8);
  expect(bytes(lut[0]!).slice(0, 3)).toEqual([0x0b, 0x3d, 0x78]);
});

test('opacity never falls as the value grows', () => {
  const opacities = Array.from({length: 101}, (_, i) => opacityOf(i / 100, style));
  opacities.forEach((value, i) => expect(value).toBeGreaterThanOrEqual(opacities[i - 1] ?? 0));
  expect(opacities.at(-1)).toBe(1);
});

test('the overlay setting bounds the opacity of maps over pictures, not of maps alone', () => {
  expect(opacityOf(1, {...style, opacity: 0.4})).toBe(0.4);
  expect(opacityOf(1, {...style, opacity: 0.4, veil: 'even'})).toBe(0.4);
  expect(opacityOf(1, {...style, opacity: 0.4, veil: 'solid'})).toBe(1);
});

test('values below the threshold are transparent, values above are as without it', () => {
  const cut: Style = {...style, threshold: 0.5};
  expect(opacityOf(0.49, cut)).toBe(0);
  expect(opacityOf(0.51, cut)).toBe(opacityOf(0.51, style));
});

test('opposite values of a signed map are equally opaque', () => {
  const signed: Style = {...style, table: 'RdBu', signed: true};
  expect(paintOf(-0.3, signed).opacity).toBe(paintOf(0.3, signed).opacity);
});

test('a log scale spreads three decades', () => {
  const log: Style = {...style, log: true, veil: 'solid'};
  const places = [0.001, 0.01, 0.1, 1].map((value) => lightness(paintOf(value, log).colour));
  places.forEach((place, i) => i && expect(place - places[i - 1]!).toBeGreaterThan(10));
});

test('a legend over a picture starts grey where the map is transparent', () => {
  expect(gradient(style)).toMatch(/^linear-gradient\(90deg,rgb\(112 112 112\),/);
});
