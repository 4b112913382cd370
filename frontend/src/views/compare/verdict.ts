// Whose prediction stayed while the reason moved: the rules, figures and words of `tbx.check`.
import type {RunData} from '../../api';
import {className, predictionsOf} from '../../store/predictions';
import {percent} from '../../ui/format';
import type {Pair} from './pair';
import type {Match} from './sides';

/** Largest drift, and largest fall of the evidence on the object, that leave a reason where it is. */
export const LARGEST_DRIFT = 0.7;
export const LARGEST_FALL = 0.2;
const MASS = 'relevance_mass';

/** What says that a reason moved; `vanished` where B has no map left that could be compared. */
export type Cause = 'drift' | 'mass' | 'vanished';

/** Causes of a prediction that stayed, none where its reason stayed too; else why there are none. */
export type Verdict = 'changed' | 'left out' | readonly Cause[];

/** Index of the class that a run predicts at a record; `null` if that is not known. */
export function predictedBy({data}: {data: RunData}, own: number, step: number | null): number | null {
  const loaded = predictionsOf(data);
  if (loaded?.status !== 'ready' || step === null) return null;
  const record = loaded.value.recordAt(step);
  return record < 0 ? null : loaded.value.outcome(record, own).predicted;
}

/** Whether classes of two runs are the same: by name where both runs name theirs, else by number. */
export function isSameClass(a: RunData, b: RunData, ofA: number | null, ofB: number | null): boolean {
  const areNamed = [a, b].every((run) => run.samples?.class_names?.length);
  if (ofA === null || ofB === null || !areNamed) return ofA === ofB;
  return className(a, ofA) === className(b, ofB);
}

/** Whether the cells of a map have no order. */
function isEmpty({notFinite}: {notFinite: number}, {values}: {values: Float32Array}): boolean {
  return notFinite > 0 || values.every((value) => value === values[0]);
}

function causesOf({a, b, grids}: Pair, drift: number | null): readonly Cause[] {
  if (isEmpty(b, grids[1])) return ['vanished'];
  const [before, after] = [a.figures[MASS] ?? null, b.figures[MASS] ?? null];
  const causes: Cause[] = [];
  if (drift !== null && drift > LARGEST_DRIFT) causes.push('drift');
  if (before !== null && after !== null && before - after > LARGEST_FALL) causes.push('mass');
  return causes;
}

/** What `tb-explain check` says of a sample. */
export function verdictOf(a: RunData, b: RunData, match: Match, {pair, drift}: {pair: Pair; drift: number | null}): Verdict {
  const predicted = [predictedBy({data: a}, match.a, pair.a.step), predictedBy({data: b}, match.b!, pair.b.step)] as const;
  const isOneUnknown = (predicted[0] === null) !== (predicted[1] === null);
  if (!isOneUnknown && !isSameClass(a, b, ...predicted)) return 'changed';
  if (isOneUnknown || !isSameClass(a, b, pair.a.target, pair.b.target) || isEmpty(pair.a, pair.grids[0])) return 'left out';
  return causesOf(pair, drift);
}

/** Whether the prediction stayed while the reason moved. */
export const isMoved = (verdict: Verdict | undefined): boolean => Array.isArray(verdict) && verdict.length > 0;

const WORDS: Record<Cause, string> = {drift: 'drift', mass: 'mass', vanished: 'nothing left in B'};
const TITLES: Record<Cause, string> = {
  drift: `The drift is larger than ${LARGEST_DRIFT}.`,
  mass: `The share of the evidence on the object fell by more than ${percent(LARGEST_FALL)}.`,
  vanished: 'The map of B is the same everywhere, or not finite.',
};
const causes = (verdict: Verdict): readonly Cause[] => (typeof verdict === 'string' ? [] : verdict);

/** What moved the reason: `drift, mass`. */
export const movedWords = (verdict: Verdict): string => causes(verdict).map((cause) => WORDS[cause]).join(', ');

export const movedTitle = (verdict: Verdict): string =>
  ['Prediction stayed, reason moved.', ...causes(verdict).map((cause) => TITLES[cause])].join('\n');
