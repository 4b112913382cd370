import type {Outcome} from '../../store/predictions';

/** Record at which a sample that had been right turned wrong and stayed so until `record`. */
export function flippedAt(history: readonly Outcome[], record: number): number | null {
  let from = record;
  while (from >= 0 && history[from]?.correct === false) from -= 1;
  return from < record && history[from]?.correct === true ? from + 1 : null;
}

/** Record at or before `record` at which the predicted class changed last. */
export function changedAt(history: readonly Outcome[], record: number): number | null {
  for (let i = Math.min(record, history.length - 1); i > 0; i--) {
    if (history[i]!.predicted !== history[i - 1]!.predicted) return i;
  }
  return null;
}

export function changes(history: readonly Outcome[]): number {
  return history.filter((now, i) => i > 0 && now.predicted !== history[i - 1]!.predicted).length;
}

/** Record at which a sample was right first; infinite if it never was. */
export function learnedAt(history: readonly Outcome[]): number {
  const record = history.findIndex(({correct}) => correct);
  return record < 0 ? Infinity : record;
}

/** How often a sample that had been right turned wrong (forgetting events, https://arxiv.org/abs/1812.05159). */
export function forgettings(history: readonly Outcome[]): number {
  return history.filter((now, i) => now.correct === false && history[i - 1]?.correct === true).length;
}

/** What is told of a sample that was right and is wrong now. */
export interface Lost {
  kind: 'flipped' | 'forgotten';
  /** Record at which it turned wrong. */
  at: number;
}

/** Share of all records after which a sample that stays wrong is no longer fresh, but forgotten. */
const FRESH = 0.1;

/** A sample that turned wrong has flipped; one that stays so is forgotten. */
export function lostAt(history: readonly Outcome[], record: number): Lost | null {
  const at = flippedAt(history, record);
  if (at === null) return null;
  const isFresh = record - at <= Math.ceil(FRESH * (record + 1));
  return {kind: isFresh ? 'flipped' : 'forgotten', at};
}
