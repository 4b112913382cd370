import {computed, signal} from '@preact/signals';
import {visibleTags} from '../../store/explainers';
import {linked, number, oneOf, optional} from '../../store/link';
import {shown} from '../../store/runs';
import {predictionsOf, type Predictions} from '../../store/predictions';
import {sample} from '../../store/view';

export const MODES = ['key', 'fit', 'every'] as const;
export type Mode = (typeof MODES)[number];

/** How the records that become columns are chosen. */
export const frames = linked<Mode>('frames', 'key', oneOf(MODES));
/** Distance between columns in records; `null` is the smallest at which all have room. */
export const every = linked<number | null>('every', null, optional(number(1)));

/** Width of the view in CSS pixels; 0 before it is known. */
export const width = signal(0);

/** The sample that is shown: the chosen one, or the first where the run has fewer. */
export const subject = computed(() => (sample.value < (shown.value?.samples?.count ?? 0) ? sample.value : 0));

/** Explainers and targets, one per row, that have a map of the sample. */
export const rows = computed(() => {
  const run = shown.value;
  return run ? visibleTags(run).filter(({tag}) => tag.columns.sample.includes(subject.value)) : [];
});

/** Predictions of the shown run, once they are there. */
export const predictions = computed<Predictions | null>(() => {
  const loaded = shown.value && predictionsOf(shown.value);
  return loaded?.status === 'ready' ? loaded.value : null;
});
