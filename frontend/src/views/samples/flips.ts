// Where the class that maps explain changes, because the prediction did.

/** Name of the target that follows the prediction. */
export const PREDICTED = 'predicted';

/** Neighbouring records that explain the same class. */
export interface Stretch {
  target: number;
  /** First and last record. */
  from: number;
  to: number;
}

/** Cuts records into stretches of the same class; records without one end none. */
export function stretches(targets: readonly (number | null)[]): Stretch[] {
  const found: Stretch[] = [];
  targets.forEach((target, record) => {
    const last = found.at(-1);
    if (target === null) return;
    if (last?.target === target) last.to = record;
    else found.push({target, from: record, to: record});
  });
  return found;
}

/** A change of the explained class from one record to the next. */
export interface Flip {
  before: number;
  after: number;
  record: number;
}

export function flipsOf(targets: readonly (number | null)[]): Flip[] {
  const all = stretches(targets);
  return all.slice(1).map(({target, from}, i) => ({before: all[i]!.target, after: target, record: from}));
}
