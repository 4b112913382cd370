// The order of the list of all samples.
import type {PairFigures} from './pair';
import type {Order} from './state';

export interface Entry {
  /** Index of the sample in A. */
  a: number;
  name: string;
}

/** Whether large figures come first: those are the samples that differ most. */
const FALLS: Record<Exclude<Order, 'name'>, boolean> = {drift: true, overlap: false, norm: true};

const byName = (a: Entry, b: Entry): number => a.name.localeCompare(b.name, undefined, {numeric: true}) || a.a - b.a;

/** Sorts samples, those that differ most first; those without a figure come last, by their place. */
export function sorted<T extends Entry>(entries: readonly T[], figures: ReadonlyMap<number, PairFigures>, order: Order): T[] {
  if (order === 'name') return entries.toSorted(byName);
  const sign = FALLS[order] ? -1 : 1;
  const figure = ({a}: Entry) => figures.get(a)?.[order] ?? null;
  return entries.toSorted((x, y) => {
    const [one, other] = [figure(x), figure(y)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || x.a - y.a;
    return sign * (one - other) || x.a - y.a;
  });
}
