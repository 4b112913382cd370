// The metric by which samples are sorted, and whose maps it is of.
import type {MapTag, RunData} from '../../api';
import {shownMap} from '../../store/attention';
import type {ExplainerEntry} from '../../store/explainers';
import {flag, linked, optional, text} from '../../store/link';
import {measures} from '../../store/measures';
import {metricsOf, type Metric} from '../../store/metrics';
import {figure} from '../../ui/format';

/** Name of the metric; the first one where the run has no such one. */
export const metricName = linked('metric', '', text);
/** Tag whose maps are measured; the first that records the metric where it is `null`. */
export const metricTag = linked<string | null>('of', null, optional(text));
/** Whether the usual direction, the most remarkable first, is turned round. */
export const turned = linked('turned', false, flag);

interface Column {
  tag: MapTag;
  explainer: ExplainerEntry;
}

/** Metrics that any of some columns record. */
export function metricsIn(columns: readonly Column[]): Metric[] {
  const found = new Map<string, Metric>();
  for (const {tag} of columns) {
    for (const metric of Object.values(metricsOf(tag))) if (!found.has(metric.name)) found.set(metric.name, metric);
  }
  return [...found.values()];
}

/** Columns that record a metric, each tag once. */
export function columnsWith(columns: readonly Column[], name: string): Column[] {
  const having = columns.filter(({tag}) => name in metricsOf(tag));
  return having.filter(({tag}, i) => having.findIndex((other) => other.tag === tag) === i);
}

/** The tag that is measured; `null` where no column records the metric. */
export function measuredTag(columns: readonly Column[], name: string): MapTag | null {
  const having = columnsWith(columns, name);
  return (having.find(({tag}) => tag.tag === metricTag.value) ?? having[0])?.tag ?? null;
}

const startsLowest = ({better}: Metric): boolean => better === 'higher';

/** Whether the lowest value comes first: what is worst does, unless that is turned round. */
export const lowestFirst = (metric: Metric): boolean => startsLowest(metric) !== turned.value;

export const directionWords = (metric: Metric): string => (lowestFirst(metric) ? 'lowest first' : 'highest first');

/** Title of a metric within a sentence: `drift`, but `IoU` as it is. */
export const inSentence = ({title}: Metric): string =>
  /^.[a-z]*( |$)/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;

/** The metric as a row prints it. */
export const keyWords = (metric: Metric, value: number | null | undefined): string =>
  `${inSentence(metric)} ${value === null || value === undefined ? '–' : figure(value)}`;

/** Value of a metric of each sample at a step. */
export function valuesAt(run: RunData, tag: MapTag, name: string, step: number): (sample: number) => number | null {
  const loaded = measures(run, tag, [name]);
  if (loaded.status !== 'ready') return () => null;
  return (sample) => {
    const map = shownMap(tag, sample);
    return map < 0 ? null : loaded.value.at(name, step, map);
  };
}

