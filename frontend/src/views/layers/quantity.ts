// How the Layers view prints numbers where ui/format is not enough.
import {figure} from '../../ui/format';

/** Number of parameters with three digits: `448`, `13.9 k`, `205 k`, `1.2 M`. */
export function formatParameters(parameters: number): string {
  const units: readonly (readonly [number, string])[] = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
  for (const [size, unit] of units) {
    // 999 950 would print as "1000 k", so it already counts as a million.
    if (parameters >= size * 0.9995) return `${threeDigits(parameters / size)} ${unit}`;
  }
  return String(parameters);
}

/** A figure in a column below cells: `1.42`, `0.012`, `4e−5`. */
export function formatStrength(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return figure(value);
  if (size >= 0.1) return withMinus(value.toFixed(2));
  if (size >= 0.001) return withMinus(value.toFixed(3));
  return size > 0 ? withMinus(value.toExponential(0)) : '0';
}

function threeDigits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return String(Number(value.toFixed(1)));
}

function withMinus(text: string): string {
  return text.replace(/-/g, '−');
}
