// Which figures of maps are metrics, as the record itself says it.
import type {MapTag} from '../api';
import {paperLink} from './paper';

/** How a figure is read. */
export interface Reading {
  title: string;
  /** What is better; `null` where neither is. */
  better: 'lower' | 'higher' | null;
  /** Smallest and largest figure; `null` where there is no such limit. */
  ends: readonly [number | null, number | null];
  about: string;
  cost: string;
  paper: string;
  /** Of how many records one is measured. */
  every: number;
}

export interface Metric extends Reading {
  name: string;
}

const NO_METRICS: Readonly<Record<string, Metric>> = {};
const known = new WeakMap<MapTag, Readonly<Record<string, Metric>>>();

const textOf = (fact: unknown): string => (typeof fact === 'string' ? fact : '');

function readMetric(name: string, fact: object): Metric {
  const {title, better, range, about, cost, paper, every} = fact as Record<string, unknown>;
  const endOf = (index: number) => (Array.isArray(range) && typeof range[index] === 'number' ? range[index] : null);
  return {
    name, ends: [endOf(0), endOf(1)], about: textOf(about), cost: textOf(cost), paper: paperLink(paper),
    title: textOf(title) || name.replaceAll('_', ' '),
    better: better === 'lower' || better === 'higher' ? better : null,
    every: typeof every === 'number' && every > 1 ? every : 1,
  };
}

/** The metrics that a tag records, by name; none in runs of older versions. */
export function metricsOf(tag: MapTag): Readonly<Record<string, Metric>> {
  let metrics = known.get(tag);
  if (!metrics) {
    const fact = tag.facts.facts?.['metrics'];
    const entries = fact !== null && typeof fact === 'object' ? Object.entries(fact) : [];
    const read = entries.filter(([, one]) => one !== null && typeof one === 'object').map(([name, one]) => [name, readMetric(name, one as object)]);
    metrics = read.length ? (Object.fromEntries(read) as Record<string, Metric>) : NO_METRICS;
    known.set(tag, metrics);
  }
  return metrics;
}
