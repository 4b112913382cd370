import type {StoredMap} from '../records/maps';
import type {ScaleMode} from '../store/view';

/** Largest p99 and largest |value| that a map reaches over all steps. */
export interface Extent {
  p99: number;
  maximum: number;
}

export const NO_EXTENT: Extent = {p99: 0, maximum: 0};

export function join(a: Extent, b: Extent): Extent {
  return {p99: Math.max(a.p99, b.p99), maximum: Math.max(a.maximum, b.maximum)};
}

/** Value of full colour; a figure that is 0 or unknown gives way to the next wider one. */
export function topOf(mode: ScaleMode, map: Pick<StoredMap, 'scale'>, shared: Extent): number {
  if (mode === 'map') return map.scale;
  if (mode === 'log') return shared.maximum || map.scale;
  return shared.p99 || shared.maximum || map.scale;
}

/** What the upper end of a scale is called. */
export const END_WORDS: Readonly<Record<ScaleMode, string>> = {shared: 'p99', column: 'p99', map: 'max', log: 'max'};
