// How much the maps of a sample change from record to record, over all rows.
import type {MapTag, RunData} from '../../api';
import {shownMap} from '../../store/attention';
import type {ExplainerEntry} from '../../store/explainers';
import type {Predictions} from '../../store/predictions';
import {flipsOf, PREDICTED} from '../samples/flips';
import {computedDrift} from './computed_drift';
import type {Changes} from './key_frames';

export interface Row {
  tag: MapTag;
  explainer: ExplainerEntry;
}

/** Changes of one row at the steps of its own records. */
interface Series {
  steps: readonly number[];
  changes: Changes;
}

/** The change where a map explains another class than the one before: they have nothing in common. */
const FLIPPED = 1;

/** Puts a flip of the explained class among the changes of a row. */
function withFlips({steps, changes}: Series, {tag}: Row, sample: number, known: Predictions | null): Series {
  if (tag.facts.target !== PREDICTED || !known) return {steps, changes};
  const flips = flipsOf(known.explained(PREDICTED, sample)).map(({record}) => known.steps[record]!);
  const flipsAt = (i: number) => flips.some((flip) => flip <= steps[i]! && flip > (steps[i - 1] ?? Infinity));
  return {steps, changes: changes.map((change, i) => (flipsAt(i) ? FLIPPED : change))};
}

/** Mean change per record of a run over rows, each of which may have fewer records. */
export function meanChanges(recorded: readonly number[], all: readonly Series[]): (number | null)[] {
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

/** Changes of a sample at every record of a run; `null` while they are on their way. Subscribes the caller. */
export function changesOf(run: RunData, rows: readonly Row[], sample: number, known: Predictions | null): Changes | null {
  const found = rows.map((row) => {
    const series = computedDrift(run, row.tag, shownMap(row.tag, sample));
    return series && withFlips(series, row, sample, known);
  });
  if (found.includes(null)) return null;
  return meanChanges(run.steps, found as Series[]);
}
