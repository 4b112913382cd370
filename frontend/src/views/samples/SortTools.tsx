import {IconButton, type Option} from '../../ui/controls';
import {Menu} from '../../ui/Menu';
import {layerName} from './attention_words';
import {columnsWith, directionWords, inSentence, measuredTag, metricName, metricsIn, metricTag, turned} from './metric_sort';
import type {Sort} from './order';
import {allRows, columns, sort, sortMetric, type Column} from './state';

const LABELS: Record<Exclude<Sort, 'metric'>, string> = {
  recorded: 'as recorded', name: 'name', class: 'class', sure: 'most certain', unsure: 'least certain', margin: 'smallest margin', wrong: 'wrong first', changes: 'most flips',
  learned: 'learned last', forgotten: 'most forgotten',
};
/** Orders that need no predictions of classes. */
const PLAIN: readonly string[] = ['recorded', 'name', 'class'];

/** Orders by name, then metrics as `metric:drift`. */
function options(): Option<string>[] {
  const classed = allRows.value.some((row) => row.now !== null && row.now.predicted !== null);
  const orders = Object.entries(LABELS).filter(([value]) => classed || PLAIN.includes(value));
  const metrics = metricsIn(columns.value).map((metric) => ({value: `metric:${metric.name}`, label: inSentence(metric)}));
  return [...orders.map(([value, label]) => ({value, label})), ...metrics];
}

function choose(value: string): void {
  const metric = value.startsWith('metric:') ? value.slice('metric:'.length) : null;
  if (metric !== null) metricName.value = metric;
  turned.value = false;
  sort.value = metric === null ? (value as Sort) : 'metric';
}

/** An explainer among others, with what tells its maps apart. */
function nameOf({tag, explainer}: Column, all: readonly Column[]): string {
  const several = (of: (column: Column) => unknown) =>
    all.some((other) => other.explainer.key === explainer.key && of(other) !== of({tag, explainer}));
  const target = several((column) => column.tag.facts.target) ? tag.facts.target : null;
  const layer = several((column) => column.tag.facts.layer) ? layerName(tag) : null;
  return [explainer.title, explainer.settings, target, layer].filter(Boolean).join(', ');
}

/** Of which explainer the metric is that rows are sorted by. */
export function OfMenu({class: extra = 'hide-s'}: {class?: string}) {
  const name = sortMetric.value?.name;
  if (name === undefined) return null;
  const all = columnsWith(columns.value, name);
  if (all.length < 2) return null;
  const choices = all.map((column) => ({value: column.tag.tag, label: nameOf(column, all)}));
  return <Menu class={extra} label="of" options={choices} value={measuredTag(columns.value, name)?.tag ?? ''} onChange={(tag) => (metricTag.value = tag)} />;
}

/** The order of samples: what they are sorted by, of which explainer, and in which direction. */
export function SortTools() {
  const metric = sortMetric.value;
  const value = metric ? `metric:${metric.name}` : sort.value === 'metric' ? 'recorded' : sort.value;
  const shown = metric ? `${inSentence(metric)}, ${directionWords(metric)}` : undefined;
  return (
    <>
      <Menu label="Sort" options={options()} value={value} onChange={choose} {...(shown && {shown})} />
      <OfMenu />
      {metric && <IconButton icon="order" label={`Turn the order round: ${directionWords(metric)} now`} onClick={() => (turned.value = !turned.value)} />}
    </>
  );
}
