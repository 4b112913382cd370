// The explanations beside the one in the inspector.
import type {MapTag, RunData} from '../api';
import {visibleTags} from './explainers';
import {inspected, openCell} from './selection';

/** Tags of the explainers that are switched on, and the one that is open. */
export function neighbours(run: RunData, open: MapTag): MapTag[] {
  const tags = visibleTags(run).map(({tag}) => tag);
  return tags.some(({tag}) => tag === open.tag) ? tags : [open, ...tags];
}

/** Opens the same sample in the next or the previous explainer; behind the last comes the first. */
export function moveExplainer(by: 1 | -1): void {
  const cell = inspected.peek();
  if (!cell) return;
  const tags = neighbours(cell.run, cell.tag);
  const at = tags.findIndex(({tag}) => tag === cell.tag.tag);
  const next = tags[(at + by + tags.length) % tags.length]!;
  openCell(next.tag, cell.sample, cell.run.run);
}
