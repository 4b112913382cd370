import type {RunData} from '../../api';
import {pointer} from '../../store/pointer';
import type {Predictions} from '../../store/predictions';
import {part} from '../../ui/part';
import type {Column} from './state';

export interface ColumnProps {
  run: RunData;
  column: Column;
  /** Samples in sight. */
  visible: readonly number[];
  known: Predictions | null;
}

/** The sample under the cursor, or all that are in sight. */
export function samplesMeant(visible: readonly number[]): readonly number[] {
  const at = pointer.value;
  return at ? [at.sample] : visible;
}

/** Words about a column, once somebody looks closer. */
export const wordsPart = part('column words', () => import('./AboutPanel'));
