import {computed} from '@preact/signals';
import type {RunData} from '../../api';
import {className, predictionsOf, sampleName, type Predictions} from '../../store/predictions';
import {linked, number, oneOf, optional, text} from '../../store/link';
import {restedStep} from '../../store/rest';
import {shown} from '../../store/runs';
import {visibleTags} from '../../store/explainers';
import {PREDICTED} from './flips';
import {arrange, OUTCOMES, SORTS, type OutcomeFilter, type Row, type Sort} from './order';

export const find = linked('find', '', text);
export const outcome = linked<OutcomeFilter>('outcome', 'any', oneOf(OUTCOMES));
export const label = linked<number | null>('class', null, optional(number(0)));
export const sort = linked<Sort>('sort', 'recorded', oneOf(SORTS));
/** Name of the target whose maps are shown; all of them where it is `null`. */
export const target = linked<string | null>('target', null, optional(text));

/** Predictions of the shown run, once they are there. */
export const predictions = computed<Predictions | null>(() => {
  const loaded = shown.value && predictionsOf(shown.value);
  return loaded?.status === 'ready' ? loaded.value : null;
});

function rowOf(run: RunData, sample: number, known: Predictions | null, step: number): Row {
  const index = run.samples?.labels[sample] ?? null;
  const record = known?.recordAt(step) ?? -1;
  return {
    sample,
    name: sampleName(run, sample),
    label: index,
    labelName: className(run, index),
    history: known?.history(sample) ?? [],
    now: known && record >= 0 ? known.outcome(record, sample) : null,
    record,
  };
}

/** All samples of the shown run as they are at the step that stands still. */
export const allRows = computed<Row[]>(() => {
  const run = shown.value;
  const count = run?.samples?.count ?? 0;
  if (!run) return [];
  const step = restedStep.value;
  return Array.from({length: count}, (_, sample) => rowOf(run, sample, predictions.value, step));
});

/** Samples that match the filters, in order. Rows keep their places while the step moves. */
export const rows = computed<Row[]>(() =>
  arrange(allRows.value, {words: find.value, outcome: outcome.value, label: label.value}, sort.value),
);

/** Targets of the maps of the shown run, in the order of the tags. */
export const targets = computed<string[]>(() => {
  const run = shown.value;
  const all = run ? visibleTags(run).flatMap(({tag}) => tag.facts.target ?? []) : [];
  return [...new Set(all)];
});

/** The columns of maps. */
export const columns = computed(() => {
  const run = shown.value;
  const wanted = target.value !== null && targets.value.includes(target.value) ? target.value : null;
  return run ? visibleTags(run).filter(({tag}) => wanted === null || tag.facts.target === wanted) : [];
});

/** Whether maps are shown whose class is the predicted one, so that it may flip. */
export const followsPrediction = computed(() => columns.value.some(({tag}) => tag.facts.target === PREDICTED));

export function clearFilters(): void {
  find.value = '';
  outcome.value = 'any';
  label.value = null;
}

