// Which figures of maps have a curve.
import type {MapTag} from '../../api';
import {metricsOf, type Metric} from '../../store/metrics';

/** Metrics that say most about a comparison. */
const FIRST = ['relevance_mass', 'drift', 'strength'];

/** The metrics of either side, those that say most first. */
export function commonMetrics(a: MapTag, b: MapTag): Metric[] {
  const all = Object.values({...metricsOf(b), ...metricsOf(a)});
  const place = ({name}: Metric) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return all.sort((x, y) => place(x) - place(y));
}

/** The figure beside it says what the mass is that of. */
export const titleOf = ({name, title}: Metric): string => (name === 'relevance_mass' ? 'Mass on the object' : title);
