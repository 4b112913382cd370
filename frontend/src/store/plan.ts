import type {MapTag, RunData} from '../api';
import {mapBytes, type MapCoding} from '../records/maps';
import {tagSteps} from './steps';

/** Maps that are always loaded together. */
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

/** Indexes of the maps of a group. */
export function groupMaps(maps: number, group: number): [first: number, last: number] {
  return [group * GROUP, Math.min(maps, (group + 1) * GROUP) - 1];
}
