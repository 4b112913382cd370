// What is singled out: the cell that is open in the inspector, pinned samples, both sides of a comparison.
import {batch, computed, signal} from '@preact/signals';
import type {MapTag, RunData} from '../api';
import {encoded} from '../host';
import {placeText, readPlace, type Choice} from './attention';
import {flag, linked, names, oneOf, optional, text, type Codec} from './link';
import {isMaps, runData, shown} from './runs';
import {sample, view} from './view';

/** A cell: the maps of a tag for one sample, in the shown run; of attention it may name the head. */
export interface CellId extends Pick<Choice, 'head'> {
  tag: string;
  sample: number;
}

const cellId: Codec<CellId> = {
  write: ({tag, sample: at, head}) => `${head === undefined ? at : `${at}.${placeText(head)}`}@${tag}`,
  read: (written) => {
    const [place, tag] = split(written, '@', 2);
    const [, at, head] = /^(\d{1,9})(?:\.(-?\d+|mean))?$/.exec(place ?? '') ?? [];
    return tag && at !== undefined ? {sample: Number(at), tag, ...readPlace('head', head)} : undefined;
  },
};

/** Cuts a text at the first separators; what is left is the last part. */
function split(all: string, separator: string, parts: number): string[] {
  const cut = all.split(separator);
  return [...cut.slice(0, parts - 1), cut.slice(parts - 1).join(separator)];
}

/** The cell that the inspector shows, or `null` while it is closed. */
export const opened = linked<CellId | null>('cell', null, optional(cellId));
/** Run of that cell where it is not the shown one. */
const openedRun = linked<string | null>('cellrun', null, optional(text));

/** Opens the inspector for a cell of the shown run, or of the one that is named; of attention for a head that is meant. */
export function openCell(tag: string, at: number, run?: string, choice: Pick<Choice, 'head'> = {}): void {
  const isShown = run === undefined || run === shown.peek()?.run;
  batch(() => {
    openedRun.value = isShown ? null : run;
    opened.value = {tag, sample: at, ...choice};
    if (isShown) sample.value = at;
  });
}

export function closeCell(): void {
  batch(() => {
    opened.value = null;
    openedRun.value = null;
  });
}

/** What the inspector shows; `null` while it is closed, or where its run has no such maps. */
export const inspected = computed(() => {
  const run = openedRun.value ?? shown.value?.run;
  const found = opened.value && run !== undefined ? mapTag(run, opened.value.tag) : null;
  if (!found) return null;
  const {tag: _, ...cell} = opened.value!;
  return {...found, ...cell};
});

export const FACES = ['overlay', 'map', 'picture'] as const;
/** What the inspector shows of map and picture. */
export type Face = (typeof FACES)[number];
export const face = linked<Face>('face', 'overlay', oneOf(FACES));
/** Whether the inspector outlines the strongest places although other maps have no outline. */
export const outlined = linked('outlined', true, flag);

/** Contents of pinned samples, so that they are pinned in every run that has them. */
const pinned = linked<string[]>('pins', [], names);

/** What tells a sample from all others: its content, where that is known. */
const contentOf = (run: RunData, at: number): string => run.samples?.hashes[at]?.slice(0, 12) ?? `#${at}`;

/** Whether a sample is pinned; subscribes the caller. */
export const isPinned = (run: RunData, at: number): boolean => pinned.value.includes(contentOf(run, at));

export function togglePin(run: RunData, at: number): void {
  const content = contentOf(run, at);
  const others = pinned.peek().filter((other) => other !== content);
  pinned.value = others.length < pinned.peek().length ? others : [...others, content];
}

/**
 * One side of a comparison: maps of a tag in a run, at a step or (`null`) at the current one.
 *
 * Of attention it may name the head and the query; without them it shows those of all other views.
 */
export interface Side extends Choice {
  run: string;
  tag: string;
  step: number | null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

const sideCodec: Codec<Side> = {
  write: ({step, run, tag, head, query}) => {
    const choice = head === undefined && query === undefined ? [] : [placeText(head), placeText(query)];
    return [step ?? '', run, tag, ...choice].map((part) => encoded(String(part))).join('@');
  },
  read: (written) => {
    const [at = '', run, tag, head, query] = written.split('@').map(decoded);
    if (!run || !tag || Number.isNaN(Number(at))) return undefined;
    return {run, tag, step: at === '' ? null : Number(at), ...readPlace('head', head), ...readPlace('query', query)};
  },
};

/** Both sides of the comparison as they were chosen; `null` leaves the choice to the view. */
export const sides = {
  a: linked<Side | null>('a', null, optional(sideCodec)),
  b: linked<Side | null>('b', null, optional(sideCodec)),
};

/** What the view shows for the sides that nobody chose; `null` as long as it was not open. */
export const usualSides = {a: signal<Side | null>(null), b: signal<Side | null>(null)};

/** Swaps both sides, those that nobody chose too. */
export function swapSides(): void {
  const [a, b] = [sides.a.peek() ?? usualSides.a.peek(), sides.b.peek() ?? usualSides.b.peek()];
  if (a && b) batch(() => ([sides.a.value, sides.b.value] = [b, a]));
}

/** Runs that were chosen for a side; they are read although they may not be among the chosen ones. */
export const comparedRuns = computed(() => [sides.a.value, sides.b.value].flatMap((side) => side?.run ?? []));

/** Makes a cell one side of the comparison; a step of `null` follows the current one. */
export function sendToCompare(name: 'a' | 'b', side: Side, at: number): void {
  sides[name].value = side;
  if (side.run === shown.peek()?.run) sample.value = at;
  view.value = 'compare';
}

/** The tag of a name in a run that was read; `null` if it has none of maps. */
export function mapTag(run: string, tag: string): {run: RunData; tag: MapTag} | null {
  const data = runData.value.get(run);
  const found = data?.tags.filter(isMaps).find((entry) => entry.tag === tag);
  return data && found ? {run: data, tag: found} : null;
}
