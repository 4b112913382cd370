import {computed} from '@preact/signals';
import type {MapTag, RunData} from '../../api';
import {attentionShown, axesOf, showsAllHeads, type Place} from '../../store/attention';
import {className, predictionsOf, sampleName, type Predictions} from '../../store/predictions';
import {linked, oneOf, optional, text, whole} from '../../store/link';
import {restedStep} from '../../store/rest';
import {shown} from '../../store/runs';
import {visibleTags, type ExplainerEntry} from '../../store/explainers';
import type {Metric} from '../../store/metrics';
import {isPinned} from '../../store/selection';
import {evidenceOf, isOnObject} from '../../store/states';
import {playing} from '../../store/time';
import {meets, readFilter, type Condition} from './conditions';
import {lowestFirst, measuredTag, metricName, metricsIn, valuesAt} from './metric_sort';
import {PREDICTED} from './flips';
import {arrange, FIGURES, OUTCOMES, pinnedFirst, SORTS, type OutcomeFilter, type Row, type Sort} from './order';

export const find = linked('find', '', text);
export const outcome = linked<OutcomeFilter>('outcome', 'any', oneOf(OUTCOMES));
export const label = linked<number | null>('class', null, optional(whole()));
export const sort = linked<Sort>('sort', 'recorded', oneOf(SORTS));
/** Name of the target whose maps are shown; all of them where it is `null`. */
export const target = linked<string | null>('target', null, optional(text));

/** A column of maps. */
export interface Column {
  tag: MapTag;
  explainer: ExplainerEntry;
  /** The head that it shows, where all heads stand side by side. */
  head?: Place;
}

/** Predictions of the shown run, once they are there. */
export const predictions = computed<Predictions | null>(() => {
  const loaded = shown.value && predictionsOf(shown.value);
  return loaded?.status === 'ready' ? loaded.value : null;
});

/** Where the evidence of samples lies, in runs with masks. */
export const evidence = computed(() => (shown.value ? evidenceOf(shown.value) : null));

let held = 0;
/** The step that rows are sorted and filtered by: while time plays they keep their places. */
const orderStep = computed(() => (playing.value ? held : (held = restedStep.value)));

/** The metric that rows are sorted by; `null` where they are not, or where no column has it. */
export const sortMetric = computed<Metric | null>(() => {
  if (sort.value !== 'metric') return null;
  const all = metricsIn(columns.value);
  return all.find(({name}) => name === metricName.value) ?? all[0] ?? null;
});

function valuesNow(run: RunData): (sample: number) => number | null {
  const metric = sortMetric.value;
  const tag = metric && measuredTag(columns.value, metric.name);
  return metric && tag ? valuesAt(run, tag, metric.name, orderStep.value) : () => null;
}

function rowOf(run: RunData, sample: number, known: Predictions | null, step: number, value: number | null): Row {
  const index = run.samples?.labels[sample] ?? null;
  const record = known?.recordAt(step) ?? -1;
  return {
    sample,
    name: sampleName(run, sample),
    label: index,
    labelName: className(run, index),
    get history() {
      return known?.history(sample) ?? [];
    },
    now: known && record >= 0 ? known.outcome(record, sample) : null,
    record,
    get margin() {
      return known && record >= 0 ? known.margin(record, sample) : null;
    },
    on: isOnObject(evidence.value, sample, step),
    value,
  };
}

/** All samples of the shown run as they are at the step that stands still. */
export const allRows = computed<Row[]>(() => {
  const run = shown.value;
  const count = run?.samples?.count ?? 0;
  if (!run) return [];
  const values = valuesNow(run);
  return Array.from({length: count}, (_, sample) => rowOf(run, sample, predictions.value, orderStep.value, values(sample)));
});

/** The filter in words and conditions; those are on figures of samples, and on metrics of the explainer that rows are sorted by. */
const filter = computed(() => {
  const metrics = metricsIn(columns.value);
  return readFilter(find.value, [...Object.keys(FIGURES), ...metrics.flatMap(({name, title}) => [name, title])]);
});

function testOf(run: RunData, condition: Condition): (row: Row) => boolean {
  const own = FIGURES[condition.name];
  if (own) return (row) => meets(condition, own(row));
  const metric = metricsIn(columns.value).find(({name, title}) => name === condition.name || title === condition.name);
  const tag = metric && measuredTag(columns.value, metric.name);
  const values = metric && tag ? valuesAt(run, tag, metric.name, orderStep.value) : () => null;
  return ({sample}) => meets(condition, values(sample));
}

/** Samples that match the filters, in order, those that are pinned on top. Rows keep their places while the step moves. */
export const rows = computed<Row[]>(() => {
  const run = shown.value;
  const metric = sortMetric.value;
  const {words, conditions} = filter.value;
  const tests = run ? conditions.map((condition) => testOf(run, condition)) : [];
  const filters = {words, outcome: outcome.value, label: label.value, tests};
  const order = sort.value === 'metric' && !metric ? 'recorded' : sort.value;
  const all = arrange(allRows.value, filters, order, metric !== null && lowestFirst(metric));
  return run ? pinnedFirst(all, (sample) => isPinned(run, sample)) : all;
});

/** Targets of the maps of the shown run, in the order of the tags. */
export const targets = computed<string[]>(() => {
  const run = shown.value;
  const all = run ? visibleTags(run).flatMap(({tag}) => tag.facts.target ?? []) : [];
  return [...new Set(all)];
});

/** Tags of attention of the explainers that are switched on. */
export const attentionTags = computed<MapTag[]>(() => {
  const run = shown.value;
  return run ? visibleTags(run).flatMap(({tag}) => (tag.kind === 'attention' ? [tag] : [])) : [];
});

/** Several columns where all heads of attention stand side by side. */
const byHead = (column: Column): Column[] =>
  showsAllHeads(column.tag) ? axesOf(column.tag).heads.map((head) => ({...column, head})) : [column];

/** The columns of maps. */
export const columns = computed<Column[]>(() => {
  const run = shown.value;
  if (!run) return [];
  const wanted = target.value !== null && targets.value.includes(target.value) ? target.value : null;
  const attention = attentionShown(attentionTags.value);
  const isShown = ({tag}: Column) =>
    tag.kind === 'attention' ? attention.includes(tag) : wanted === null || tag.facts.target === wanted;
  return visibleTags(run).filter(isShown).flatMap(byHead);
});

/** Whether maps are shown whose class is the predicted one, so that it may flip. */
export const followsPrediction = computed(() => columns.value.some(({tag}) => tag.facts.target === PREDICTED));

export function clearFilters(): void {
  find.value = '';
  outcome.value = 'any';
  label.value = null;
}

