import {effect, signal, type ReadonlySignal} from '@preact/signals';
import {resting} from '../../store/rest';
import {playing, step} from '../../store/time';

const state = signal(0);

/** The last step that stood still: an order made from it does not jump while time runs. */
export const settledStep: ReadonlySignal<number> = state;

/** Follows the step; returns what stops it. */
export function followSettled(): () => void {
  state.value = step.peek();
  return effect(() => {
    if (resting.value && !playing.value) state.value = step.value;
  });
}
