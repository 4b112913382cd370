import {effect} from '@preact/signals';
import {painted} from '../render/ready';
import {chosenRuns, shown} from '../store/runs';
import {part} from './part';

/** What stands in the place of explainers that the shown run lacks. */
export const missingPart = part('missing', () => import('./Missing'));

/** Loads it once it may be needed; returns what stops that. */
export function watchMissing(): () => void {
  return effect(() => {
    if (painted.value && (chosenRuns.value.length > 1 || shown.value?.progress.failures.length)) missingPart.need();
  });
}
