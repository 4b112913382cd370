// How much the maps of a sample change from record to record, for runs that have not recorded it.
import {signal, type Signal} from '@preact/signals';
import {getMaps, type MapTag, type RunData} from '../../api';
import {rankCorrelation} from '../../measures/rank';
import {decodeValues, readMap} from '../../records/maps';
import {planOf} from '../../store/plan';
import {queue} from '../../store/maps';
import {probeSteps, spanText} from '../../store/probe';
import type {Series} from './changes';

/** Side to which maps are pooled before they are compared. */
const SIDE = 16;
/** What the server reads for one record of one map, at least: its head. */
const BYTES_PER_RECORD = 2 ** 18;

interface Drift {
  /** Steps that were compared, each with the one before, and how much changed. */
  steps: number[];
  changes: (number | null)[];
  /** Mean absolute value of each map. */
  strengths: number[];
  last: Float32Array | null;
  /** The list of steps for which it was asked last. */
  asked: readonly number[];
  state: Signal<Series | null>;
}

const known = new Map<string, Drift>();

function driftOf(run: RunData, tag: MapTag, map: number): Drift {
  const key = [run.run, run.version, tag.tag, map].join('\n');
  let drift = known.get(key);
  if (!drift) {
    drift = {steps: [], changes: [], strengths: [], last: null, asked: [], state: signal(null)};
    known.set(key, drift);
  }
  return drift;
}

/** Compares the records of an answer, each with the one before. */
function extend(drift: Drift, {header, body}: Awaited<ReturnType<typeof getMaps>>): void {
  for (const {step, facts, offset, columns} of header.steps) {
    const coding = facts === null ? undefined : header.facts[facts];
    if (!coding || !columns.sample?.length) continue;
    const values = decodeValues(readMap(coding, body, offset));
    const isAlike = drift.last?.length === values.length;
    const correlation = isAlike ? rankCorrelation(drift.last!, values) : null;
    drift.steps.push(step);
    drift.changes.push(correlation === null ? null : 1 - correlation);
    drift.strengths.push(values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length);
    drift.last = values;
  }
}

function load(run: RunData, tag: MapTag, map: number, drift: Drift): void {
  const {steps} = planOf(run, tag);
  drift.asked = steps;
  const after = drift.steps.at(-1) ?? -1;
  const wanted = probeSteps(steps, BYTES_PER_RECORD).filter((step) => step > after);
  const publish = () => (drift.state.value = {steps: [...drift.steps], changes: [...drift.changes], strengths: [...drift.strengths]});
  const pool = Math.ceil(Math.max(tag.facts.shape[0], tag.facts.shape[1]) / SIDE);
  const query = {run: run.run, tag: tag.tag, v: run.version, maps: String(map), pool: pool > 1 ? pool : undefined};
  const job = async (control: AbortSignal) => {
    try {
      if (wanted.length) extend(drift, await getMaps({...query, steps: spanText(wanted, steps)}, control));
    } catch {
      // Columns are then chosen without these records; their cells say what is wrong.
    }
    publish();
  };
  queue.push({run: job, drop: publish});
}

/** Rank correlation of neighbouring records, subtracted from 1; `null` while it is on its way. Subscribes the caller. */
export function computedDrift(run: RunData, tag: MapTag, map: number): Series | null {
  const drift = driftOf(run, tag, map);
  if (drift.asked !== planOf(run, tag).steps) queueMicrotask(() => drift.asked !== planOf(run, tag).steps && load(run, tag, map, drift));
  return drift.state.value;
}
