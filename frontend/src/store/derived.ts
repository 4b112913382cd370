// Metrics that the server makes of maps when they are asked for, so that they are never asked for on the way.
import type {MapTag} from '../api';
import {metricsOf} from './metrics';

const DERIVED: readonly string[] = ['drift_to_last'];

export const isDerived = (name: string): boolean => DERIVED.includes(name);

/** Names of the metrics that a tag records. */
export const recordedMetrics = (tag: MapTag): string[] => Object.keys(metricsOf(tag)).filter((name) => !isDerived(name));
