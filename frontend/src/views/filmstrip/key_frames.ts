// Which records of a run become columns.

/** A record that is shown as a column. */
export interface Frame {
  /** Index among the records of the run. */
  index: number;
  /** Whether the maps change here more than usually. */
  isKey: boolean;
  /** Whether the column before is the record before that change. */
  isJoined: boolean;
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

/** The record with which a record is compared: the last one before it whose change is known, or the first. */
export function comparedWith(changes: Changes, index: number): number {
  let before = index - 1;
  while (before > 0 && changes[before] === null) before -= 1;
  return Math.max(0, before);
}

/** Records with the change from the first record up to each of them, where even no change takes a little. */
function travelled(changes: Changes): number[] {
  const total = changes.reduce<number>((sum, change) => sum + (change ?? 0), 0);
  const least = (total || 1) / (100 * changes.length);
  let sum = 0;
  return changes.map((change, index) => (sum += index ? (change ?? 0) + least : 0));
}

/**
 * The record in the middle of the largest change that no column shows yet, among those of which a
 * change is known; -1 where all of them are columns.
 */
function middleOfGap(chosen: ReadonlySet<number>, way: readonly number[], known: readonly number[]): number {
  const columns = [...chosen].sort((a, b) => a - b);
  let widest = 0;
  let middle = -1;
  columns.slice(1).forEach((column, i) => {
    const before = columns[i]!;
    const width = way[column]! - way[before]!;
    const between = known.filter((index) => index > before && index < column);
    if (!between.length || width <= widest) return;
    widest = width;
    const half = (way[before]! + way[column]!) / 2;
    middle = between.reduce((best, index) => (Math.abs(way[index]! - half) < Math.abs(way[best]! - half) ? index : best));
  });
  return middle;
}

/**
 * Chooses the first and the last record, in turns a large change (as the record before it and its own record)
 * and what halves the largest remaining change. So fewer columns are a part of more columns.
 */
function choose(changes: Changes, count: number): Set<number> {
  const chosen = new Set<number>([0]);
  if (count > 1) chosen.add(changes.length - 1);
  const points = turningPoints(changes, Math.floor(count / COLUMNS_PER_CHANGE));
  const way = travelled(changes);
  const all = changes.map((_, index) => index);
  const known = all.filter((index) => changes[index] !== null);
  while (chosen.size < Math.min(count, changes.length)) {
    const point = points.shift();
    const pair = point === undefined ? [] : [comparedWith(changes, point), point].filter((index) => !chosen.has(index));
    if (chosen.size + pair.length <= count) pair.forEach((index) => chosen.add(index));
    if (chosen.size >= count) break;
    const middle = middleOfGap(chosen, way, known);
    const other = middle < 0 && !points.length ? middleOfGap(chosen, way, all) : middle;
    if (other >= 0) chosen.add(other);
  }
  return chosen;
}

function asFrames(chosen: Iterable<number>, changes: Changes, count: number): Frame[] {
  const keys = new Set(turningPoints(changes, Math.floor(count / COLUMNS_PER_CHANGE)));
  const columns = [...chosen].sort((a, b) => a - b);
  return columns.map((index, place) => {
    const isKey = keys.has(index);
    return {index, isKey, isJoined: isKey && columns[place - 1] === comparedWith(changes, index)};
  });
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

/** `Every 4th`, or `Every record`. */
export const everyWords = (every: number): string => `Every ${every === 1 ? 'record' : ordinal(every)}`;

/** `4th`, `2nd`, `23rd`. */
export function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
