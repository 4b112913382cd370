import type {MapTag, RunData} from '../api';
import {mapBytes, type MapCoding} from '../records/maps';
import {tagSteps} from './steps';

/** How many maps are always loaded together. */
export const GROUP = 16;
const CHUNK_BYTES = 2 ** 20;
const CHUNK_STEPS = 64;
/** What all steps of a group may take before scrubbing uses a coarse level of large maps. */
const FINE_BYTES = 4 * 2 ** 20;
const FINE_SIDE = 40;
/** Side that the coarse level aims at. */
const COARSE_SIDE = 16;

/** How one level of a tag is cut into chunks of steps and maps. */
export interface Level {
  /** Cells that are averaged into one along each side; 1 is the full level. */
  pool: number;
  stepsPerChunk: number;
}

export interface Plan {
  steps: readonly number[];
  maps: number;
  /** Maps that are loaded together, ascending. */
  groups: readonly (readonly number[])[];
  /** Where each map is found in the groups. */
  places: readonly {group: number; at: number}[];
  full: Level;
  /** The level for scrubbing, where the full one is too large for it. */
  coarse: Level | null;
}

function level(coding: MapCoding, pool: number): Level {
  const [rows = 1, cols = 1, channels = 1] = coding.shape;
  const shape = [Math.ceil(rows / pool), Math.ceil(cols / pool), channels];
  const bytes = GROUP * mapBytes({...coding, shape});
  const stepsPerChunk = Math.min(CHUNK_STEPS, Math.max(1, Math.floor(CHUNK_BYTES / bytes)));
  return {pool, stepsPerChunk};
}

/**
 * Maps in the order in which they are looked at: of attention, one head of all samples after the
 * other; of all else, one sample after the other, as they are recorded.
 */
function inOrderOfLooking(tag: MapTag): number[] {
  const maps = tag.columns.sample.map((_, map) => map);
  if (tag.kind !== 'attention') return maps;
  const seen = new Map<number | null, number>();
  const turns = tag.columns.sample.map((sample) => {
    const turn = seen.get(sample) ?? 0;
    seen.set(sample, turn + 1);
    return turn;
  });
  return maps.sort((a, b) => turns[a]! - turns[b]! || a - b);
}

/** Cuts the maps of a tag into groups. */
export function groupsOf(tag: MapTag): Pick<Plan, 'groups' | 'places'> {
  const order = inOrderOfLooking(tag);
  const groups = Array.from({length: Math.ceil(order.length / GROUP)}, (_, group) =>
    order.slice(group * GROUP, (group + 1) * GROUP).sort((a, b) => a - b),
  );
  const places: {group: number; at: number}[] = [];
  groups.forEach((maps, group) => maps.forEach((map, at) => (places[map] = {group, at})));
  return {groups, places};
}

const plans = new WeakMap<MapTag, Plan>();

/** The plan of a tag, made once per listing of its run. */
export function planOf(run: RunData, tag: MapTag): Plan {
  let plan = plans.get(tag);
  if (!plan) {
    const side = Math.max(tag.facts.shape[0], tag.facts.shape[1]);
    const steps = tagSteps(run, tag);
    const isLarge = side > FINE_SIDE && steps.length * GROUP * mapBytes(tag.facts) > FINE_BYTES;
    plan = {
      steps,
      maps: tag.columns.sample.length,
      ...groupsOf(tag),
      full: level(tag.facts, 1),
      coarse: isLarge ? level(tag.facts, Math.round(side / COARSE_SIDE)) : null,
    };
    plans.set(tag, plan);
  }
  return plan;
}

/** One request's worth of a level: some steps of one group of maps. */
export interface ChunkId {
  run: RunData;
  tag: MapTag;
  level: Level;
  /** Index of the chunk along the steps of the tag. */
  span: number;
  /** Index of the group of maps. */
  group: number;
}

/** Steps of a chunk. */
export function chunkSteps({run, tag, level: {stepsPerChunk}, span}: ChunkId): readonly number[] {
  return planOf(run, tag).steps.slice(span * stepsPerChunk, (span + 1) * stepsPerChunk);
}

/** Names the steps of one level of a tag, whatever maps are asked for. */
export function spanKey(id: ChunkId): string {
  const {run, tag, level} = id;
  const steps = chunkSteps(id);
  return [run.run, run.version, tag.tag, level.pool, steps[0], steps.at(-1), steps.length].join('\n');
}

/** Names a chunk whatever number of steps it has by now; a growing run makes its last chunk longer. */
export function placeKey({run, tag, level, span, group}: ChunkId): string {
  return [run.run, run.version, tag.tag, level.pool, span, group].join('\n');
}

export const chunkKey = (id: ChunkId): string => `${spanKey(id)}\n${id.group}`;

/** Ascending numbers as the server takes them: `0-15,40`. */
export function rangesText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join();
}
