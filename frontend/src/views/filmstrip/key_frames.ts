// Which records of a run become columns.

/** A record that is shown as a column. */
export interface Frame {
  /** Index among the records of the run. */
  index: number;
  /** Whether the maps change here more than usually. */
  isKey: boolean;
}

/** How much the maps of a record differ from those of the record before; `null` where that is not known. */
export type Changes = readonly (number | null)[];

/** Every third column may be a change, which takes two: the record before it and its own. */
const COLUMNS_PER_CHANGE = 3;

/** Records at which the maps change more than on average, the largest change first. */
export function turningPoints(changes: Changes, most: number): number[] {
  const known = changes.filter((change) => change !== null);
  const mean = known.reduce((sum, change) => sum + change, 0) / known.length;
  return changes
    .flatMap((change, index) => (change !== null && index > 0 && change > 1.0001 * mean ? [{index, change}] : []))
    .sort((a, b) => b.change - a.change || a.index - b.index)
    .slice(0, most)
    .map(({index}) => index);
}

/** Records with the change from the first record up to each of them, where even no change takes a little. */
function travelled(changes: Changes): number[] {
  const total = changes.reduce<number>((sum, change) => sum + (change ?? 0), 0);
  const least = (total || 1) / (100 * changes.length);
  let sum = 0;
  return changes.map((change, index) => (sum += index ? (change ?? 0) + least : 0));
}

/** The record in the middle of the largest change that no column shows yet; -1 where all are columns. */
function middleOfGap(chosen: ReadonlySet<number>, way: readonly number[]): number {
  const columns = [...chosen].sort((a, b) => a - b);
  let [from, to, widest] = [-1, -1, 0];
  columns.slice(1).forEach((column, i) => {
    const before = columns[i]!;
    const width = way[column]! - way[before]!;
    if (column - before > 1 && width > widest) [from, to, widest] = [before, column, width];
  });
  if (from < 0) return -1;
  const half = (way[from]! + way[to]!) / 2;
  const between = Array.from({length: to - from - 1}, (_, i) => from + 1 + i);
  return between.reduce((best, index) => (Math.abs(way[index]! - half) < Math.abs(way[best]! - half) ? index : best));
}

/**
 * Chooses the first and the last record, in turns a large change (as the record before it and its own)
 * and what halves the largest remaining change. So fewer columns are a part of more columns.
 */
function choose(changes: Changes, count: number): Set<number> {
  const chosen = new Set<number>([0]);
  if (count > 1) chosen.add(changes.length - 1);
  const points = turningPoints(changes, Math.floor(count / COLUMNS_PER_CHANGE));
  const way = travelled(changes);
  while (chosen.size < Math.min(count, changes.length)) {
    const point = points.shift();
    const pair = point === undefined ? [] : [point - 1, point].filter((index) => !chosen.has(index));
    if (chosen.size + pair.length <= count) pair.forEach((index) => chosen.add(index));
    const middle = chosen.size < count ? middleOfGap(chosen, way) : -1;
    if (middle >= 0) chosen.add(middle);
  }
  return chosen;
}

function asFrames(chosen: Iterable<number>, changes: Changes, count: number): Frame[] {
  const keys = new Set(turningPoints(changes, Math.floor(count / COLUMNS_PER_CHANGE)));
  return [...chosen].sort((a, b) => a - b).map((index) => ({index, isKey: keys.has(index)}));
}

/** Columns where the maps change most; the current record is always one of them. */
export function keyFrames(changes: Changes, count: number, current: number): Frame[] {
  let chosen = choose(changes, count);
  if (!chosen.has(current)) chosen = choose(changes, count - 1).add(current);
  return asFrames(chosen, changes, count);
}

/** As many columns as there is room for, evenly; the current record takes the place of the nearest one. */
export function evenFrames(changes: Changes, count: number, current: number): Frame[] {
  const last = changes.length - 1;
  const columns = Math.min(count, changes.length);
  const all = Array.from({length: columns}, (_, i) => (columns > 1 ? Math.round((i * last) / (columns - 1)) : current));
  if (!all.includes(current)) {
    const nearest = all.reduce((best, index) => (Math.abs(index - current) < Math.abs(best - current) ? index : best));
    all[all.indexOf(nearest)] = current;
  }
  return asFrames(all, changes, count);
}

/** Every k-th record: the page of them that holds the current one, and that one between them. */
export function everyFrames(changes: Changes, count: number, current: number, every: number): Frame[] {
  const isOwn = current % every === 0;
  const room = Math.max(1, count - (isOwn ? 0 : 1));
  const page = Math.floor(Math.floor(current / every) / room);
  const all = Array.from({length: room}, (_, i) => (page * room + i) * every).filter((index) => index < changes.length);
  return asFrames(isOwn ? all : [...all, current], changes, count);
}

const NICE = [1, 2, 3, 4, 5, 8, 10, 16, 20, 25, 50, 100, 200, 500, 1000];

/** Distances between columns that make sense for a number of records. */
export const distances = (records: number): number[] => NICE.filter((every) => every === 1 || every * 2 < records);

/** The smallest distance at which all columns have room. */
export function usualDistance(records: number, count: number): number {
  const all = distances(records);
  return all.find((every) => Math.ceil(records / every) <= count) ?? all.at(-1)!;
}

/** `every 4th`, `every 2nd`, `every 23rd`. */
export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
