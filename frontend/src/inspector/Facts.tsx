import {computed, type ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import {Sparkline} from '../charts/Sparkline';
import {measures, type Measures} from '../store/measures';
import {isDerived} from '../store/derived';
import {metricsOf, type Metric} from '../store/metrics';
import {restedStep} from '../store/rest';
import {lastNotAbove} from '../store/steps';
import {step, stepText} from '../store/time';
import {isTrained} from '../store/trained';
import {figure} from '../ui/format';
import {Icon} from '../ui/icons';
import {CONTROL, controlFact, DRIFT, driftFact, historyOf, MASS, massFact, type Fact} from './fact_words';
import {MetricName} from '../ui/MetricName';
import type {Subject} from './subject';

const HIGHLIGHTS = [MASS, DRIFT, CONTROL];

interface FactProps {
  subject: Subject;
  known: Measures;
  metric: Metric;
  /** Index of the shown record; follows each frame. */
  now: ReadonlySignal<number>;
}

const BETTER = {higher: 'Higher is better.', lower: 'Lower is better.'};
const about = ({about: words, better, cost}: Metric): string => [words, better && BETTER[better], cost && `Cost: ${cost}`].filter(Boolean).join(' ');

/** Value at the upper edge of a sparkline: the end of the range, where there is one. */
function topOf({ends, name}: Metric, values: readonly (number | null)[]): number {
  const most = Math.max(...values.map((value) => value ?? 0));
  return name === DRIFT ? most : (ends[1] ?? most);
}

function Trend({subject, known, metric, now}: FactProps) {
  const values = useMemo(() => known.over(metric.name, subject.map), [known, metric.name, subject.map]);
  if (values.every((value) => value === null)) return null;
  return <Sparkline values={values} top={topOf(metric, values)} now={now} color="--text-2" />;
}

function factOf({subject, known, metric}: FactProps): Fact & {ignores?: boolean | null} {
  const history = historyOf(known, metric.name, subject.map, restedStep.value);
  if (metric.name === MASS) return massFact(history, stepText);
  return metric.name === DRIFT ? driftFact(history, stepText) : controlFact(history, () => isTrained(subject.run, restedStep.value));
}

function Highlight(props: FactProps) {
  const {metric} = props;
  const {text, words, ignores} = factOf(props);
  const isControl = metric.name === CONTROL;
  return (
    <div title={about(metric)}>
      <div class={ignores === true ? 'figure bad' : ignores === false ? 'figure ok' : 'figure'}>
        {isControl && <Icon name={ignores === null ? 'shield' : ignores ? 'ignores' : 'follows'} />}
        <span>{text}</span>
      </div>
      <Trend {...props} />
      <div class="cap">{words}</div>
    </div>
  );
}

function Listed(props: FactProps) {
  const {subject, known, metric} = props;
  const value = known.at(metric.name, restedStep.value, subject.map);
  return (
    <div>
      <dt><MetricName of={metric} /></dt>
      <dd class="num">{value === null ? '–' : figure(value)}</dd>
      <dd><Trend {...props} /></dd>
    </div>
  );
}

function useMeasures({run, tag}: Subject): {known: Measures; all: Metric[]} | null {
  const all = Object.values(metricsOf(tag)).filter(({name}) => !isDerived(name));
  if (!all.length) return null;
  const loaded = measures(run, tag, all.map(({name}) => name));
  return loaded.status === 'ready' ? {known: loaded.value, all} : null;
}

/** Index of the record at the current step. */
const useRecord = (known: Measures | undefined): ReadonlySignal<number> =>
  useMemo(() => computed(() => (known ? lastNotAbove(known.steps, step.value) : -1)), [known]);

/** Where the evidence lies, how much it changed, and whether it depends on the model; nothing without metrics. */
export function Highlights({subject}: {subject: Subject}) {
  const found = useMeasures(subject);
  const now = useRecord(found?.known);
  const shown = HIGHLIGHTS.flatMap((name) => found?.all.find((metric) => metric.name === name) ?? []);
  if (!found || !shown.length) return null;
  return (
    <section class="facts" aria-label="How far to trust it" style={{'--facts': shown.length}}>
      {shown.map((metric) => <Highlight key={metric.name} subject={subject} known={found.known} metric={metric} now={now} />)}
    </section>
  );
}

/** All other metrics of the record, whatever they are. */
export function OtherMetrics({subject}: {subject: Subject}) {
  const found = useMeasures(subject);
  const now = useRecord(found?.known);
  const listed = found?.all.filter(({name}) => !HIGHLIGHTS.includes(name)) ?? [];
  if (!found || !listed.length) return null;
  return (
    <section class="metric-list" aria-label="Metrics">
      <h3><span class="b">Metrics</span><span class="cap">of this map, over all records</span></h3>
      <dl>
        {listed.map((metric) => <Listed key={metric.name} subject={subject} known={found.known} metric={metric} now={now} />)}
      </dl>
    </section>
  );
}
