import {computed, effect, signal} from '@preact/signals';
import {restedStep} from '../../store/rest';
import {shown} from '../../store/runs';
import {lastNotAbove} from '../../store/steps';
import {follow, playing, steps} from '../../store/time';
import {changesOf, type SampleChanges} from './changes';
import {evenFrames, everyFrames, keyFrames, usualDistance, type Changes, type Frame} from './key_frames';
import {predictions} from '../samples/state';
import {every, frames, rows, subject, width} from './state';

/** Narrowest cell of "all that fit". */
const NARROWEST = 72;
const HEAD = 200;
const GAP = 4;
/** Columns of key frames from a width of the view on. */
const BY_WIDTH: readonly (readonly [from: number, columns: number])[] = [[1800, 14], [1100, 10], [700, 7], [0, 5]];

/** How many columns have room. */
export const room = computed(() => {
  const all = width.value - HEAD;
  const wide = BY_WIDTH.find(([from]) => width.value >= from)!;
  return frames.value === 'key' ? wide[1] : Math.max(1, Math.floor((all - 16) / (NARROWEST + GAP)));
});

/** Records among which columns are chosen: while nothing follows the latest one, new records move nothing. */
const horizon = signal(0);
/** Record that is the current one among the columns; while it moves, columns stay. */
const current = signal(0);

/** Follows run and time; returns what stops that. */
export function watchColumns(): () => void {
  let run = '';
  const stopHorizon = effect(() => {
    const count = steps.value.length;
    const isOther = run !== (run = `${shown.value?.run}\n${shown.value?.version}`);
    if (follow.value || isOther || count < horizon.peek()) horizon.value = count;
  });
  const stopCurrent = effect(() => {
    const at = Math.max(0, lastNotAbove(steps.value, restedStep.value));
    if (playing.value) return;
    current.value = at;
    if (at >= horizon.peek()) horizon.value = at + 1;
  });
  return () => {
    stopHorizon();
    stopCurrent();
  };
}

/** Changes of the records among which columns are chosen. */
export const changes = computed<SampleChanges | null>(() => {
  const run = shown.value;
  return run && changesOf(run, rows.value, subject.value, predictions.value, Math.max(1, horizon.value));
});

function choose(all: Changes): Frame[] {
  const at = Math.min(current.value, all.length - 1);
  if (frames.value === 'fit') return evenFrames(all, room.value, at);
  if (frames.value === 'every') return everyFrames(all, room.value, at, every.value ?? usualDistance(all.length, room.value));
  return keyFrames(all, room.value, at);
}

let last: {run: string; columns: readonly Frame[]} | null = null;

/** Records that are columns; those before stay until the changes of another sample are known. */
export const columns = computed<readonly Frame[] | null>(() => {
  const run = shown.value && `${shown.value.run}\n${shown.value.version}`;
  const all = changes.value?.seen;
  if (!run || !width.value || !horizon.value) return null;
  if (all?.length) last = {run, columns: choose(all)};
  return last?.run === run ? last.columns : null;
});
