import {effect} from '@preact/signals';
import {sameSample} from '../store/predictions';
import {shown} from '../store/runs';
import {inspected, opened} from '../store/selection';
import {sample, sampleOrder} from '../store/view';

/** Shows the sample that is chosen elsewhere, by a key or in the view; returns what stops it. */
export function followSample(): () => void {
  let last = sample.peek();
  return effect(() => {
    const now = sample.value;
    if (now === last) return;
    last = now;
    const cell = inspected.peek();
    const run = shown.peek();
    const at = cell && run && sameSample(run, now, cell.run);
    if (cell && at !== null && at !== cell.sample) opened.value = {...opened.peek(), tag: cell.tag.tag, sample: at};
  });
}

/** Views that list no samples leave them in the order of the record. */
export function fillOrder(): () => void {
  return effect(() => {
    const count = shown.value?.samples?.count ?? 0;
    if (!sampleOrder.value.length && count) sampleOrder.value = Array.from({length: count}, (_, at) => at);
  });
}
