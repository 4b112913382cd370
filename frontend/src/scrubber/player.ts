import {effect} from '@preact/signals';
import {visible} from '../host';
import {isReady} from '../render/ready';
import {goTo, move, newer, playing, speed, stepIndex} from '../store/time';

const PER_SECOND = 4;
const reduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Starts or stops to play; with reduced motion one press is one record. */
export function togglePlay(): void {
  if (reduced()) {
    goTo(newer.peek() ? stepIndex.peek() + 1 : 0);
    return;
  }
  if (!playing.peek() && !newer.peek()) goTo(0);
  playing.value = !playing.peek();
}

/** Steps through the records while `playing`; waits for what is still being loaded. */
export function watchPlay(): () => void {
  let frame = 0;
  let due = 0;
  const tick = (now: number) => {
    frame = requestAnimationFrame(tick);
    if (now < due || !isReady()) return;
    due = Math.max(due, now - 50) + 1000 / (PER_SECOND * speed.peek());
    if (newer.peek()) move(1);
    else playing.value = false;
  };
  const stop = effect(() => {
    cancelAnimationFrame(frame);
    if (!visible.value && playing.value) playing.value = false;
    if (!playing.value) return;
    due = 0;
    frame = requestAnimationFrame(tick);
  });
  return () => {
    cancelAnimationFrame(frame);
    stop();
  };
}
