import {batch, signal, type Signal} from '@preact/signals';
import {getMaps, type BlockStep, type MapFacts, type MapTag, type MapsHead, type RunData} from '../api';
import type {Block} from '../block';
import {readMap, type StoredMap} from '../records/maps';
import {painted} from '../render/ready';
import {Lru} from './lru';
import {chunkKey, chunkSteps, placeKey, planOf, rangesText, spanKey, type ChunkId, type Level} from './plan';
import {Queue, type Job} from './queue';
import {resting} from './rest';
import {lastNotAbove} from './steps';
import {until} from './until';

/** A map that was recorded at a step, or why there is none. */
export type MapAt =
  | {status: 'none'}
  | {status: 'loading'}
  | {status: 'error'; reason: string; retry: () => void}
  | ReadyMap;

export interface ReadyMap {
  status: 'ready';
  map: StoredMap;
  /** Step of the record; earlier than asked for if there was none at that step. */
  step: number;
  facts: MapFacts;
  sample: number | null;
  target: number | null;
  channel: number | null;
  score: number | null;
  /** Values of the map that were not finite. */
  notFinite: number;
  /** Figures of the map by name. */
  figures: Readonly<Record<string, number | null>>;
  /** Whether this is the pooled level that stands in while scrubbing. */
  coarse: boolean;
}

/** A record that was read. */
export interface Entry {
  record: BlockStep;
  facts: MapFacts | undefined;
  /** Place of each map of the group among the maps of the answer. */
  places: readonly number[];
  body: Uint8Array<ArrayBuffer>;
}

type Chunk =
  | {status: 'absent'}
  | {status: 'loading'}
  | {status: 'error'; reason: string}
  | {status: 'ready'; entries: Map<number, Entry>};

const BUDGET = 128 * 2 ** 20;
const ABSENT: Chunk = {status: 'absent'};
const cache = new Lru<Signal<Chunk>>(BUDGET);
/** What loads maps. */
export const queue = new Queue();
/** Key of the chunk that was read last at a place. */
const newest = new Map<string, string>();

function chunkSignal(key: string): Signal<Chunk> {
  let chunk = cache.get(key);
  if (!chunk) {
    chunk = signal<Chunk>(ABSENT);
    cache.set(key, chunk, 256);
  }
  return chunk;
}

/** Where a map is found: index of its record, its group, and its place in that. */
interface PlaceAt {
  index: number;
  group: number;
  at: number;
}

interface Wish {
  id: ChunkId;
  key: string;
  chunk: Signal<Chunk>;
}

let wishes = new Map<string, Wish[]>();

/** Groups of the same steps that are asked for in one turn travel in one request. */
function wish(id: ChunkId, key: string, chunk: Signal<Chunk>): void {
  if (!wishes.size) queueMicrotask(sendWishes);
  const span = spanKey(id);
  const list = wishes.get(span) ?? [];
  if (!list.some((other) => other.key === key)) wishes.set(span, [...list, {id, key, chunk}]);
}

function sendWishes(): void {
  const sent = wishes;
  wishes = new Map();
  batch(() => {
    for (const list of sent.values()) {
      for (const {chunk} of list) chunk.value = {status: 'loading'};
      queue.push(job(list, true));
    }
  });
}

function job(list: Wish[], wanted: boolean): Job {
  return {
    run: (control: AbortSignal) => load(list, wanted, control),
    drop: () => batch(() => list.forEach(({chunk}) => release(chunk))),
  };
}

function release(chunk: Signal<Chunk>): void {
  if (chunk.peek().status === 'loading') chunk.value = ABSENT;
}

/** Milliseconds for which answers wait for each other before the first picture. */
const TOGETHER = 150;
let underway = 0;
let arrived: (() => void)[] = [];

/** Takes the answers that came. The first ones are taken at once, so that one frame paints them. */
function take(): void {
  const all = arrived;
  arrived = [];
  batch(() => all.forEach((each) => each()));
}

function arrive(answer: () => void): void {
  if (!painted.peek() && !arrived.length) setTimeout(take, TOGETHER);
  arrived.push(answer);
  if (painted.peek() || underway === 0) take();
}

async function load(list: Wish[], wanted: boolean, control: AbortSignal): Promise<void> {
  const {run, tag, level} = list[0]!.id;
  const {groups} = planOf(run, tag);
  const maps = list.flatMap(({id}) => groups[id.group]!).sort((a, b) => a - b);
  const pool = level.pool > 1 ? level.pool : undefined;
  const query = {run: run.run, tag: tag.tag, steps: stepsText(list[0]!.id), pool, v: run.version};
  underway += 1;
  const answer = await getMaps({...query, maps: rangesText(maps)}, control).then(
    (block) => () => store(block, list, maps),
    (error: unknown) => () => !control.aborted && fail(list, error),
  );
  underway -= 1;
  arrive(answer);
  if (wanted) void until(() => painted.value).then(() => list.forEach(({id}) => prefetchAround(id)));
}

function fail(list: Wish[], error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  list.forEach(({chunk}) => (chunk.value = {status: 'error', reason}));
}

function stepsText(id: ChunkId): string {
  const steps = chunkSteps(id);
  return steps.length === 1 ? String(steps[0]) : `${steps[0]}-${steps.at(-1)}`;
}

/** Takes an answer apart; it holds the maps in ascending order. */
function store(block: Block<MapsHead>, list: Wish[], maps: readonly number[]): void {
  const answered = new Map(maps.map((map, place) => [map, place]));
  list.forEach(({id, key, chunk}) => {
    const places = planOf(id.run, id.tag).groups[id.group]!.map((map) => answered.get(map)!);
    const entries = new Map<number, Entry>();
    for (const record of block.header.steps) {
      const facts = record.facts === null ? undefined : block.header.facts[record.facts];
      entries.set(record.step, {record, facts, places, body: block.body});
    }
    const state: Chunk = {status: 'ready', entries};
    cache.set(key, chunk, block.body.buffer.byteLength / list.length + 256);
    newest.set(placeKey(id), key);
    chunk.value = state;
  });
}

function prefetchAround(id: ChunkId): void {
  const {steps} = planOf(id.run, id.tag);
  for (const span of [id.span + 1, id.span - 1]) {
    if (span < 0 || span * id.level.stepsPerChunk >= steps.length) continue;
    const neighbour = {...id, span};
    const key = chunkKey(neighbour);
    const chunk = chunkSignal(key);
    if (chunk.peek().status !== 'absent') continue;
    chunk.value = {status: 'loading'};
    queue.prefetch(job([{id: neighbour, key, chunk}], false));
  }
}

/** Reads a chunk, subscribes the caller to it, and has it loaded if it is absent and `asks`. */
function read(id: ChunkId, asks: boolean): {key: string; chunk: Chunk} {
  const key = chunkKey(id);
  const chunk = chunkSignal(key);
  if (chunk.value.status === 'absent' && asks) wish(id, key, chunk);
  return {key, chunk: chunk.value};
}

/** What a chunk held before its run grew. */
function shorter(id: ChunkId): Map<number, Entry> | undefined {
  const key = newest.get(placeKey(id));
  const chunk = key === undefined ? undefined : cache.get(key)?.peek();
  return chunk?.status === 'ready' ? chunk.entries : undefined;
}

function levelAt(run: RunData, tag: MapTag, level: Level, {index, group, at}: PlaceAt, asks = true): MapAt {
  const id = {run, tag, level, span: Math.floor(index / level.stepsPerChunk), group};
  const step = planOf(run, tag).steps[index]!;
  const {key, chunk} = read(id, asks);
  if (chunk.status === 'absent' || chunk.status === 'loading') {
    const known = shorter(id)?.get(step);
    return known && !known.record.problem ? mapOf(known, at, level.pool > 1) : {status: 'loading'};
  }
  const retry = () => (chunkSignal(key).value = ABSENT);
  if (chunk.status === 'error') return {status: 'error', reason: chunk.reason, retry};
  const entry = chunk.entries.get(step);
  if (!entry) return {status: 'error', reason: 'The record at this step could not be found.', retry};
  if (entry.record.problem) return {status: 'error', reason: entry.record.problem, retry};
  return mapOf(entry, at, level.pool > 1);
}

/** A map of a record that was read, by its place in its group. */
export function mapOf(entry: Entry, inGroup: number, coarse: boolean): MapAt {
  const {record, facts, body} = entry;
  const place = entry.places[inGroup] ?? Infinity;
  const {columns, figures, offset, map_bytes: size} = record;
  if (!facts || place >= (columns.sample?.length ?? 0)) return {status: 'none'};
  return {
    status: 'ready',
    map: readMap(facts, body, offset + place * size),
    step: record.step,
    facts,
    sample: columns.sample?.[place] ?? null,
    target: columns.target?.[place] ?? null,
    channel: columns.channel?.[place] ?? null,
    score: columns.score?.[place] ?? null,
    notFinite: columns.not_finite?.[place] ?? 0,
    figures: Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, values[place] ?? null])),
    coarse,
  };
}

/** A map that is there at full resolution already; neither loads it nor subscribes to it. */
export function loadedMap(run: RunData, tag: MapTag, index: number, map: number): MapAt | null {
  const {steps, full, places} = planOf(run, tag);
  const place = places[map];
  const step = steps[index];
  if (!place || step === undefined) return null;
  const id = {run, tag, level: full, span: Math.floor(index / full.stepsPerChunk), group: place.group};
  const chunk = cache.get(chunkKey(id))?.peek();
  const entry = chunk?.status === 'ready' ? chunk.entries.get(step) : undefined;
  return entry && !entry.record.problem ? mapOf(entry, place.at, false) : null;
}

/**
 * Reads map number `map` of a tag as it was at `step`, or at the last record before it.
 *
 * Call it inside an effect, a computed or a component: it subscribes the caller, starts to load
 * what is absent together with its neighbours, and the caller runs again when that has arrived.
 */
export function mapAt(run: RunData, tag: MapTag, step: number, map: number): MapAt {
  const {steps, full, coarse, places} = planOf(run, tag);
  const index = lastNotAbove(steps, step);
  const place = places[map];
  if (index < 0 || !place) return {status: 'none'};
  const at = {index, ...place};
  if (!coarse) return levelAt(run, tag, full, at);
  const fullKey = chunkKey({
    run, tag, level: full, span: Math.floor(index / full.stepsPerChunk), group: place.group,
  });
  const fine = chunkSignal(fullKey);
  if (resting.value || fine.value.status === 'ready') {
    const exact = levelAt(run, tag, full, at);
    if (exact.status !== 'loading') return exact;
  }
  // While the step stands still, what is coarse stands in only if it is there already.
  return levelAt(run, tag, coarse, at, !resting.value);
}

const bySample = new WeakMap<MapTag, Map<number | null, number[]>>();
const NO_MAPS: readonly number[] = [];

/** Indexes of the maps of a tag that belong to a sample. */
export function mapsOfSample(tag: MapTag, sample: number): readonly number[] {
  let owned = bySample.get(tag);
  if (!owned) {
    owned = new Map<number | null, number[]>();
    for (const [map, owner] of tag.columns.sample.entries()) {
      if (!owned.has(owner)) owned.set(owner, []);
      owned.get(owner)!.push(map);
    }
    bySample.set(tag, owned);
  }
  return owned.get(sample) ?? NO_MAPS;
}
