import {computed, type ReadonlySignal} from '@preact/signals';
import {lastNotAbove} from '../../store/steps';
import {step} from '../../store/time';

/** Index of the shown record among the steps of a tag; -1 before the first. */
export const recordNow = (steps: readonly number[]): ReadonlySignal<number> =>
  computed(() => lastNotAbove(steps, step.value));
