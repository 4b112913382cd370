import {batch, effect, signal, type ReadonlySignal} from '@preact/signals';
import {step, steps} from './time';

const PAUSE = 80;
const state = signal(true);

/** Whether the step has stood still for a moment, so that full resolution is worth loading. */
export const resting: ReadonlySignal<boolean> = state;

const lastRested = signal(0);

/** The step as it was when it last stood still. */
export const restedStep: ReadonlySignal<number> = lastRested;

/** Watches the step; returns what stops it. The first step of all is there to stay. */
export function watchRest(): () => void {
  let timer = 0;
  let isFirst = true;
  return effect(() => {
    const current = step.value;
    if (isFirst) {
      lastRested.value = current;
      isFirst = !steps.value.length;
      return undefined;
    }
    state.value = false;
    timer = window.setTimeout(() => {
      batch(() => {
        lastRested.value = current;
        state.value = true;
      });
    }, PAUSE);
    return () => clearTimeout(timer);
  });
}
