// Maps of one sample at scattered steps: what chunks of neighbouring steps and samples would load for nothing.
import {batch, signal, type Signal} from '@preact/signals';
import {getMaps, type MapTag, type RunData} from '../api';
import {Lru} from './lru';
import {loadedMap, mapOf, queue, type Entry, type MapAt} from './maps';
import {planOf} from './plan';
import {spanText} from './probe';
import {lastNotAbove} from './steps';

type State = {status: 'absent' | 'loading'} | {status: 'error'; reason: string} | {status: 'ready'; entry: Entry};

const BUDGET = 32 * 2 ** 20;
const ABSENT: State = {status: 'absent'};
const cache = new Lru<Signal<State>>(BUDGET);

/** Steps of one map that are asked for in one turn. */
interface Wish {
  run: RunData;
  tag: MapTag;
  map: number;
  states: Map<number, {key: string; state: Signal<State>}>;
}

let wishes = new Map<string, Wish>();

function stateOf(key: string): Signal<State> {
  let state = cache.get(key);
  if (!state) {
    state = signal<State>(ABSENT);
    cache.set(key, state, 256);
  }
  return state;
}

function wish(run: RunData, tag: MapTag, map: number, step: number, key: string): void {
  if (!wishes.size) queueMicrotask(sendWishes);
  const own = [run.run, run.version, tag.tag, map].join('\n');
  const found = wishes.get(own) ?? {run, tag, map, states: new Map()};
  found.states.set(step, {key, state: stateOf(key)});
  wishes.set(own, found);
}

function sendWishes(): void {
  const sent = [...wishes.values()];
  wishes = new Map();
  batch(() => {
    for (const one of sent) {
      setAll(one, {status: 'loading'});
      queue.push({run: (control) => load(one, control), drop: () => batch(() => setAll(one, ABSENT))});
    }
  });
}

/** Puts all that is not there yet into a state. */
function setAll({states}: Wish, value: State): void {
  for (const {state} of states.values()) if (state.peek().status !== 'ready') state.value = value;
}

async function load(one: Wish, control: AbortSignal): Promise<void> {
  const {run, tag, map, states} = one;
  const wanted = [...states.keys()].sort((a, b) => a - b);
  try {
    const steps = spanText(wanted, planOf(run, tag).steps);
    const {header, body} = await getMaps({run: run.run, tag: tag.tag, v: run.version, steps, maps: String(map)}, control);
    batch(() => {
      for (const record of header.steps) {
        const found = states.get(record.step);
        if (!found) continue;
        const facts = record.facts === null ? undefined : header.facts[record.facts];
        // A copy, so that one map that stays does not keep the whole answer.
        const own = body.slice(record.offset, record.offset + record.map_bytes);
        cache.set(found.key, found.state, own.byteLength + 512);
        found.state.value = {status: 'ready', entry: {record: {...record, offset: 0}, facts, places: [0], body: own}};
      }
      setAll(one, {status: 'error', reason: 'The record at this step could not be found.'});
    });
  } catch (error) {
    if (control.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    batch(() => setAll(one, {status: 'error', reason}));
  }
}

/**
 * Reads a map like `mapAt`, but loads it without its neighbours in time and without other samples.
 *
 * All steps of a map that are asked for in one turn travel in one request. Subscribes the caller.
 */
export function singleAt(run: RunData, tag: MapTag, step: number, map: number): MapAt {
  const {steps} = planOf(run, tag);
  const index = lastNotAbove(steps, step);
  const recorded = steps[index];
  if (recorded === undefined || map < 0) return {status: 'none'};
  const known = loadedMap(run, tag, index, map);
  if (known) return known;
  const key = [run.run, run.version, tag.tag, map, recorded].join('\n');
  const state = stateOf(key);
  const now = state.value;
  if (now.status === 'absent') wish(run, tag, map, recorded, key);
  const retry = () => (state.value = ABSENT);
  if (now.status === 'error') return {status: 'error', reason: now.reason, retry};
  if (now.status !== 'ready') return {status: 'loading'};
  const {problem} = now.entry.record;
  return problem ? {status: 'error', reason: problem, retry} : mapOf(now.entry, 0, false);
}
