// Whether a model is another one than at the first record: without that, maps that stay the same say nothing.
import type {RunData} from '../api';
import {meanOf} from '../measures/mean';
import {predictionsOf} from './predictions';
import {isStatistics} from './runs';
import {lastNotAbove} from './steps';
import {table, type Loaded} from './tables';

/** Weights are others from here on, as in the rule `IgnoresModel`: the median over layers of their relative changes, summed over records. */
const MOVED = 0.1;
/** Predictions are others from here on: the mean change of a sample's probability of what is explained. */
const LEARNED = 0.1;

/** A figure; `null` where it is not recorded. */
type Found = number | null | 'loading';

function read<T>(loaded: Loaded<T> | null, figure: (value: T) => number | null): Found {
  if (loaded?.status === 'loading') return 'loading';
  return loaded?.status === 'ready' ? figure(loaded.value) : null;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(values.length - 1) >> 1], sorted[values.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** How far the weights of layers have moved: `changes` are of records times `layers`. */
export function movedBy(changes: ArrayLike<number>, layers: number, records: number): number | null {
  const ofLayer = (layer: number) =>
    Array.from({length: records}, (_, record) => changes[record * layers + layer]!).filter(Number.isFinite);
  return median(Array.from({length: layers}, (_, layer) => ofLayer(layer)).filter((own) => own.length).map(sum));
}

/** How far probabilities lie from the first ones, on average. */
export function learnedBy(first: readonly (number | null)[], now: readonly (number | null)[]): number | null {
  return meanOf(first.map((before, sample) => {
    const after = now[sample] ?? null;
    return before === null || after === null ? null : Math.abs(after - before);
  }));
}

function moved(run: RunData, step: number): Found {
  const tag = run.tags.find(isStatistics);
  return read(tag ? table(run, tag) : null, ({steps, arrays: {change}}) =>
    change ? movedBy(change.values, change.shape[1] ?? 0, lastNotAbove(steps, step) + 1) : null,
  );
}

const learned = (run: RunData, step: number): Found =>
  read(predictionsOf(run), (known) => {
    const at = (record: number) => Array.from({length: known.samples}, (_, sample) => known.height(record, sample));
    return known.hasProbability ? learnedBy(at(0), at(known.recordAt(step))) : null;
  });

/** Whether weights and predictions are others than at the first record, as far as they are recorded; subscribes the caller. */
export function isTrained(run: RunData, step: number): boolean | 'loading' {
  const found = [[moved(run, step), MOVED], [learned(run, step), LEARNED]] as const;
  if (found.some(([figure]) => figure === 'loading')) return 'loading';
  const known = found.filter(([figure]) => figure !== null);
  return known.length > 0 && known.every(([figure, least]) => Number(figure) >= least);
}
