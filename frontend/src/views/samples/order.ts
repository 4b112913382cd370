import type {Outcome} from '../../store/predictions';
import {changes, flippedAt, forgettings, learnedAt, lostAt} from './outcomes';

export const OUTCOMES = ['any', 'right', 'wrong', 'reason', 'flipped', 'forgotten', 'changed'] as const;
export type OutcomeFilter = (typeof OUTCOMES)[number];

export const SORTS = ['recorded', 'name', 'class', 'sure', 'unsure', 'margin', 'wrong', 'changes', 'learned', 'forgotten', 'metric'] as const;
export type Sort = (typeof SORTS)[number];

/** What order and filters look at. */
export interface Row {
  sample: number;
  name: string;
  label: number | null;
  labelName: string;
  history: readonly Outcome[];
  /** Outcome at the record in use. */
  now: Outcome | null;
  record: number;
  /** Probability of the predicted class less that of the runner-up; `null` where there is none. */
  margin?: number | null;
  /** Whether the evidence lies on the object; `null` where that is not known. */
  on?: boolean | null;
  /** Value of the metric that rows are sorted by. */
  value?: number | null;
}

export interface Filters {
  words: string;
  outcome: OutcomeFilter;
  label: number | null;
  /** Conditions on figures. */
  tests?: readonly ((row: Row) => boolean)[];
}

const TESTS: Record<OutcomeFilter, (row: Row) => boolean> = {
  any: () => true,
  right: ({now}) => now?.correct === true,
  wrong: ({now}) => now?.correct === false,
  reason: ({now, on}) => now?.correct === true && on === false,
  flipped: ({history, record}) => lostAt(history, record)?.kind === 'flipped',
  forgotten: ({history, record}) => flippedAt(history, record) !== null,
  changed: ({history}) => changes(history) > 0,
};

export function isMatch(row: Row, {words, outcome, label, tests = []}: Filters): boolean {
  const text = `${row.name} ${row.labelName}`.toLowerCase();
  const isNamed = text.includes(words.trim().toLowerCase()) && (label === null || row.label === label);
  return isNamed && TESTS[outcome](row) && tests.every((test) => test(row));
}

/** Figures of a sample that conditions may be on, by their name. */
export const FIGURES: Readonly<Record<string, (row: Row) => number | null | undefined>> = {
  confidence: ({now}) => now?.probability,
  margin: ({margin}) => margin,
  flips: ({history}) => changes(history),
  forgotten: ({history}) => forgettings(history),
};

const natural = new Intl.Collator('en', {numeric: true});
const certainty = ({now}: Row) => now?.probability ?? -1;
const rank = ({now}: Row) => (now?.correct === false ? 0 : now?.correct === null ? 1 : 2);

const ORDERS: Record<Sort, (a: Row, b: Row) => number> = {
  recorded: () => 0,
  name: (a, b) => natural.compare(a.name, b.name),
  class: (a, b) => (a.label ?? Infinity) - (b.label ?? Infinity) || natural.compare(a.labelName, b.labelName),
  sure: (a, b) => certainty(b) - certainty(a),
  unsure: (a, b) => certainty(a) - certainty(b),
  margin: (a, b) => (a.margin ?? Infinity) - (b.margin ?? Infinity),
  wrong: (a, b) => rank(a) - rank(b) || certainty(b) - certainty(a),
  changes: (a, b) => changes(b.history) - changes(a.history),
  learned: (a, b) => learnedAt(b.history) - learnedAt(a.history),
  forgotten: (a, b) => forgettings(b.history) - forgettings(a.history),
  metric: (a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity),
};

/** Lowest first; rows without a value stay behind. */
const ascending = (a: Row, b: Row): number => (a.value ?? Infinity) - (b.value ?? Infinity);

/** Numbers of equal rank differ by `NaN` where both are infinite. */
const settled = (difference: number): number => difference || 0;

/** Rows that match, in order; equal rows stay as they were recorded. */
export function arrange(rows: readonly Row[], filters: Filters, sort: Sort, lowest = false): Row[] {
  const order = sort === 'metric' && lowest ? ascending : ORDERS[sort];
  return rows.filter((row) => isMatch(row, filters)).sort((a, b) => settled(order(a, b)) || a.sample - b.sample);
}

/** Puts rows that are pinned on top; apart from that their order stays. */
export function pinnedFirst(rows: readonly Row[], isPinned: (sample: number) => boolean): Row[] {
  const pinned = rows.filter(({sample}) => isPinned(sample));
  return pinned.length ? [...pinned, ...rows.filter(({sample}) => !isPinned(sample))] : [...rows];
}
