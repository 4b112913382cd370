// How much the maps of a sample change from record to record, over all rows.
import type {MapTag, RunData} from '../../api';
import {shownMap} from '../../store/attention';
import {measures} from '../../store/measures';
import {metricsOf} from '../../store/metrics';
import type {Predictions} from '../../store/predictions';
import {lastNotAbove} from '../../store/steps';
import {flipsOf, PREDICTED} from '../samples/flips';
import type {Column} from '../samples/state';
import {computedDrift} from './computed_drift';
import type {Changes} from './key_frames';

/** An explainer with one target, or one head of attention. */
export type Row = Column;

const DRIFT = 'drift';
const STRENGTH = 'strength';

/** Index of the map of a row that belongs to a sample. */
export const mapOfRow = ({tag, head}: Row, sample: number): number => shownMap(tag, sample, head === undefined ? {} : {head});

/** Changes of one row at the steps of its own records, and how strong its maps are there. */
export interface Series {
  steps: readonly number[];
  changes: Changes;
  strengths: Changes;
}

/** The change where a map explains another class than the one before: they have nothing in common. */
const FLIPPED = 1;

/** Changes as they were recorded; where they were not, as the maps tell them. */
function drift(run: RunData, tag: MapTag, map: number): Series | null {
  if (!(DRIFT in metricsOf(tag))) return computedDrift(run, tag, map);
  const loaded = measures(run, tag, [DRIFT, STRENGTH]);
  if (loaded.status === 'error') return computedDrift(run, tag, map);
  if (loaded.status !== 'ready') return null;
  const {steps, over} = loaded.value;
  return {steps, changes: over(DRIFT, map), strengths: over(STRENGTH, map)};
}

/** Puts a flip of the explained class among the changes of a row. */
function withFlips(series: Series, {tag}: Row, sample: number, known: Predictions | null): Series {
  const {steps, changes} = series;
  if (tag.facts.target !== PREDICTED || !known) return series;
  const flips = flipsOf(known.explained(PREDICTED, sample)).map(({record}) => known.steps[record]!);
  const flipsAt = (i: number) => flips.some((flip) => flip <= steps[i]! && flip > (steps[i - 1] ?? Infinity));
  return {...series, changes: changes.map((change, i) => (flipsAt(i) ? FLIPPED : change))};
}

function until({steps, changes, strengths}: Series, last: number): Series {
  const count = lastNotAbove(steps, last) + 1;
  return {steps: steps.slice(0, count), changes: changes.slice(0, count), strengths: strengths.slice(0, count)};
}

/**
 * Changes as they can be seen on the scale that all records share: of maps that are hardly there,
 * such as those of an untrained model, less is seen. The root keeps weak maps from counting for nothing.
 */
export function inSight({steps, changes, strengths}: Series): Series {
  const most = Math.max(...strengths.map((strength) => strength ?? 0));
  const share = (i: number) => Math.sqrt(Math.max(strengths[i] ?? most, strengths[i - 1] ?? 0) / most);
  if (!(most > 0)) return {steps, changes, strengths};
  return {steps, strengths, changes: changes.map((change, i) => (change === null ? null : change * share(i)))};
}

/** Mean change per record of a run over rows, each of which may have fewer records. */
export function meanChanges(recorded: readonly number[], all: readonly Pick<Series, 'steps' | 'changes'>[]): (number | null)[] {
  const places = new Map(recorded.map((step, index) => [step, index]));
  const sums = recorded.map(() => ({sum: 0, count: 0}));
  for (const {steps, changes} of all) {
    steps.forEach((step, i) => {
      const at = sums[places.get(step) ?? -1];
      const change = changes[i];
      if (!at || change === null || change === undefined) return;
      at.sum += change;
      at.count += 1;
    });
  }
  return sums.map(({sum, count}) => (count ? sum / count : null));
}

/** Changes of a sample at each record of a run. */
export interface SampleChanges {
  /** Mean over rows. */
  mean: Changes;
  /** The same as far as it can be seen. */
  seen: Changes;
}

/** Changes at the first records of a run; `null` while they are on their way. Subscribes the caller. */
export function changesOf(run: RunData, rows: readonly Row[], sample: number, known: Predictions | null, records: number): SampleChanges | null {
  const steps = run.steps.slice(0, records);
  const found = rows.map((row) => {
    const series = drift(run, row.tag, mapOfRow(row, sample));
    return series && until(withFlips(series, row, sample, known), steps.at(-1) ?? -1);
  });
  if (found.includes(null)) return null;
  const all = found as Series[];
  return {mean: meanChanges(steps, all), seen: meanChanges(steps, all.map(inSight))};
}
