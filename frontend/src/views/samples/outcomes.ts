import type {Outcome} from '../../store/predictions';

/** Some neighbouring records at which a sample was right, or wrong, throughout. */
export interface Streak {
  correct: boolean;
  /** First and last record. */
  from: number;
  to: number;
}

/** Cuts the history of a sample into streaks; records without an outcome belong to none. */
export function streaks(history: readonly Outcome[]): Streak[] {
  const found: Streak[] = [];
  history.forEach(({correct}, record) => {
    const last = found.at(-1);
    if (correct === null) return;
    if (last?.correct === correct && last.to === record - 1) last.to = record;
    else found.push({correct, from: record, to: record});
  });
  return found;
}

/** The history of a sample in one sentence; empty without labels. */
export function sentence(all: readonly Streak[], words: (record: number) => string): string {
  const last = all.at(-1);
  if (!last) return '';
  const right = all.filter(({correct}) => correct);
  const first = right[0];
  if (!first) return 'Never right';
  const learned = first.from === 0 ? 'Right from the start' : `Learned at ${words(first.from)}`;
  if (right.length === 1) return last.correct ? learned : `${learned}, forgotten at ${words(last.from)}`;
  if (!last.correct) return `${learned}, forgotten at ${words(last.from)} after ${all.length - 1} changes`;
  if (right.length === 2) return `${learned}, wrong from ${words(first.to + 1)}, right again from ${words(last.from)}`;
  return `${learned}, right again from ${words(last.from)} after ${all.length - 1} changes`;
}

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
