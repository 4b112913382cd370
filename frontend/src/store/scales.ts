import {batch, signal, type Signal} from '@preact/signals';
import {getExtents, type MapTag, type RunData} from '../api';
import {readArray} from '../block';
import {painted} from '../render/ready';
import {join, NO_EXTENT, type Extent} from '../render/scale';
import {resting} from './rest';
import {tagSteps} from './steps';
import {token} from './tables';
import {until} from './until';
import {scaleMode} from './view';

/** Milliseconds after which a failed request is made again, if a cell still asks. */
const PAUSE = 10_000;
/** Milliseconds between two requests for a fuller answer. */
const REFINE = 200;

interface Known {
  /** By map; what no record holds is missing. */
  extents: readonly Extent[];
  /** Over all maps. */
  all: Extent;
  /** Whether every record was read. */
  complete: boolean;
}

interface Entry {
  version: string;
  /** The steps for which the extents were last asked for. */
  asked: readonly number[] | null;
  known: Signal<Known | null>;
  busy: boolean;
}

const entries = new Map<string, Entry>();

function entryOf(run: RunData, tag: MapTag): Entry {
  const key = `${run.run}\n${tag.tag}`;
  let entry = entries.get(key);
  if (!entry) {
    entry = {version: run.version, asked: null, known: signal<Known | null>(null), busy: false};
    entries.set(key, entry);
  }
  if (entry.version !== run.version) Object.assign(entry, {version: run.version, asked: null});
  return entry;
}

/** Largest extent of all maps. */
export const joined = (extents: readonly Extent[]): Extent => extents.reduce(join, NO_EXTENT);

async function ask(run: RunData, tag: MapTag, entry: Entry): Promise<void> {
  const steps = tagSteps(run, tag);
  if (entry.busy || entry.asked === steps) return;
  entry.asked = steps;
  entry.busy = true;
  try {
    const first = await fetched(run, tag, true);
    entry.known.value = first;
    if (!first.complete) refine(run, tag, entry);
  } catch {
    // Until then cells take the scale of their own map.
    entry.known.value ??= {extents: [], all: NO_EXTENT, complete: false};
    setTimeout(() => askAgain(entry), PAUSE);
  }
  entry.busy = false;
}

async function fetched(run: RunData, tag: MapTag, isQuick: boolean): Promise<Known> {
  const {header, body} = await getExtents(run.run, tag.tag, token(run, tagSteps(run, tag)), isQuick);
  const [maximum, p99] = ['scale', 'p99'].map((name) => readArray(body, header.arrays.find((array) => array.name === name)!));
  const extents = Array.from(maximum!, (value, map) => ({maximum: value, p99: p99![map]!}));
  return {extents, all: joined(extents), complete: header.read >= header.records};
}

function askAgain(entry: Entry): void {
  batch(() => {
    entry.asked = null;
    if (entry.known.peek()) entry.known.value = {...entry.known.peek()!};
  });
}

let turn: Promise<void> = Promise.resolve();

/** Asks for fuller answers, one tag after the other, while nobody scrubs. */
function refine(run: RunData, tag: MapTag, entry: Entry): void {
  turn = turn.then(async () => {
    try {
      let known = entry.known.peek();
      while (!known?.complete) {
        await until(() => painted.value && resting.value);
        await new Promise((resolve) => setTimeout(resolve, REFINE));
        if (entry.version !== run.version) return;
        known = await fetched(run, tag, false);
      }
      entry.known.value = known;
    } catch {
      setTimeout(() => askAgain(entry), PAUSE);
    }
  });
}

function knownOf(run: RunData, tag: MapTag): Known | null {
  const entry = entryOf(run, tag);
  void ask(run, tag, entry);
  return entry.known.value;
}

/**
 * Largest p99 and |value| of a map over all steps; `null` while that is on its way.
 *
 * Subscribes the caller.
 */
export function sharedExtent(run: RunData, tag: MapTag, map: number): Extent | null {
  const known = knownOf(run, tag);
  return known && (known.extents[map] ?? NO_EXTENT);
}

/** The same over all maps of a tag. */
export const columnExtent = (run: RunData, tag: MapTag): Extent | null => knownOf(run, tag)?.all ?? null;

/** What the colours of a map span with the scale in use. */
export const scaleExtent = (run: RunData, tag: MapTag, map: number): Extent | null =>
  scaleMode.value === 'column' ? columnExtent(run, tag) : sharedExtent(run, tag, map);

/** Whether the extents of a tag come from some of its records, as long as the others are read. */
export const isEstimated = (run: RunData, tag: MapTag): boolean => knownOf(run, tag)?.complete === false;
