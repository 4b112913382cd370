// The list of all samples in its order.
import {computed} from '@preact/signals';
import {sampleName} from '../../store/predictions';
import {allFigures} from './all_figures';
import {sorted} from './list_order';
import {matches, sideA, type Match} from './sides';
import {onlyMoved, order} from './state';
import {isMoved} from './verdict';
import {labelName} from './words';

/** Height of a row in pixels. */
export const ROW = 60;

export interface ListRow {
  a: number;
  match: Match & {b: number};
  name: string;
  label: string;
}

const entries = computed<ListRow[]>(() => {
  const side = sideA.value;
  if (!side) return [];
  return matches.value.map((match) => ({
    a: match.a, match, name: sampleName(side.data, match.a), label: labelName(side.data, match.a),
  }));
});

const hasMoved = ({a}: {a: number}): boolean => isMoved(allFigures.value.get(a)?.verdict);

/** Samples whose prediction stayed while the reason moved. */
export const moved = computed<number>(() => entries.value.filter(hasMoved).length);

/** Rows in their order; it changes when figures are found, not while the step moves. */
export const listRows = computed<ListRow[]>(() => {
  const listed = onlyMoved.value ? entries.value.filter(hasMoved) : entries.value;
  return sorted(listed, allFigures.value, order.value);
});
