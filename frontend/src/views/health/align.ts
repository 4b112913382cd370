// Lines of several runs over common places.
import {lastNotAbove} from '../../store/steps';

export interface Placed {
  places: readonly number[];
  values: readonly (number | null)[];
}

/** More places than that cannot be told apart in a chart. */
const MOST_PLACES = 1500;

function onGrid(all: readonly Placed[]): readonly Placed[] {
  const longest = Math.max(0, ...all.map(({places}) => places.length));
  const count = new Set(all.flatMap(({places}) => places)).size;
  if (count <= Math.max(longest, MOST_PLACES)) return all;
  const low = Math.min(...all.map(({places}) => places[0] ?? Infinity));
  const width = (Math.max(...all.map(({places}) => places.at(-1) ?? -Infinity)) - low) / MOST_PLACES;
  return all.map(({places, values}) => ({values, places: places.map((place) => low + Math.round((place - low) / width) * width)}));
}

const areSame = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((place, i) => place === b[i]);

/** Common places of all lines, and per line one value at each: `undefined` where it has no record. */
export function align(lines: readonly Placed[]): {places: number[]; values: (number | null | undefined)[][]} {
  const [first] = lines;
  if (first && lines.every((line) => areSame(line.places, first.places) && line.values.length === first.places.length)) {
    return {places: [...first.places], values: lines.map((line) => [...line.values])};
  }
  const all = onGrid(lines);
  const places = [...new Set(all.flatMap((line) => line.places))].sort((a, b) => a - b);
  const values = all.map((line) => {
    const row = Array.from<number | null | undefined>({length: places.length});
    line.places.forEach((place, record) => {
      const at = lastNotAbove(places, place);
      // Of records at one place, one without a value gives way.
      if (row[at] === undefined || line.values[record] !== null) row[at] = line.values[record] ?? null;
    });
    return row;
  });
  return {places, values};
}
