// Which figures of maps have a curve, and how it is read.
import type {Figures, MapTag} from '../../api';

/** A figure that was recorded for every map. */
export interface Metric {
  name: string;
  title: string;
  range: readonly [number, number] | null;
}

/** Metrics in the order in which they say most about a comparison. */
const FIRST = ['relevance_mass', 'drift', 'strength'];

interface Told {
  title?: unknown;
  range?: unknown;
}

/** The metrics that the records of a tag describe. */
export function metricsOf({facts}: Pick<MapTag, 'facts'>): Metric[] {
  const told = facts.facts['metrics'];
  if (typeof told !== 'object' || told === null) return [];
  return Object.entries(told as Record<string, Told>).map(([name, {title, range}]) => ({
    name,
    title: typeof title === 'string' ? title : name.replaceAll('_', ' '),
    range: Array.isArray(range) && range.length === 2 ? [Number(range[0]), Number(range[1])] : null,
  }));
}

/** The metrics of either side, those that say most first. */
export function commonMetrics(a: Pick<MapTag, 'facts'>, b: Pick<MapTag, 'facts'>): Metric[] {
  const all = new Map([...metricsOf(b), ...metricsOf(a)].map((metric) => [metric.name, metric]));
  const place = ({name}: Metric) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...all.values()].sort((x, y) => place(x) - place(y));
}

/** One figure of a map over all records. */
export function valuesOver(known: Figures, name: string, map: number): (number | null)[] {
  return known.steps.map((_, record) => known.figures[name]?.[record]?.[map] ?? null);
}
