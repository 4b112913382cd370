import {computed, signal} from '@preact/signals';
import {linked, oneOf, optional, whole} from '../../store/link';
import {shown} from '../../store/runs';
import {sample} from '../../store/view';
import {columns} from '../samples/state';

export const MODES = ['key', 'fit', 'every'] as const;
export type Mode = (typeof MODES)[number];

/** How the records that become columns are chosen. */
export const frames = linked<Mode>('frames', 'key', oneOf(MODES));
/** Distance between columns in records; `null` is the smallest at which all have room. */
export const every = linked<number | null>('every', null, optional(whole(1)));

/** Width of the view in CSS pixels; 0 before it is known. */
export const width = signal(0);

/** The sample that is shown: the chosen one, or the first where the run has fewer. */
export const subject = computed(() => (sample.value < (shown.value?.samples?.count ?? 0) ? sample.value : 0));

/** Explainers, targets and heads, one per row, that have a map of the sample. */
export const rows = computed(() => columns.value.filter(({tag}) => tag.columns.sample.includes(subject.value)));
