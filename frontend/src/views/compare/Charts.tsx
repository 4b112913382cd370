import {useComputed} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {useLayoutEffect, useMemo} from 'preact/hooks';
import css from '../../charts/charts.css?inline';
import {LineChart, type Mark} from '../../charts/LineChart';
import type {Line} from '../../charts/plot';
import {NO_ENDS, roundRange} from '../../charts/series';
import {measures} from '../../store/measures';
import {metricsOf} from '../../store/metrics';
import {predictionsOf} from '../../store/predictions';
import {runColour} from '../../store/runs';
import {nearest} from '../../store/steps';
import {axisMode, axisPositions, axisRange, axisText, goTo, stepIndex, stepName} from '../../store/time';
import {figure} from '../../ui/format';
import {Menu} from '../../ui/Menu';
import {addStyle} from '../../ui/style';
import {merged, placed, placeOf, type Curve} from './curves';
import {commonMetrics, titleOf} from './metrics';
import {mapOf, type ChosenSide, type Match} from './sides';
import {wantedCurve} from './state';
import {labelName} from './words';

interface ChartsProps {
  a: ChosenSide;
  b: ChosenSide;
  match: Match;
}

/** Where sides stand that do not follow the scrubber. */
function marksOf(sides: readonly ChosenSide[]): Mark[] {
  return sides.flatMap(({name, data, step}) =>
    step === null ? [] : [{name: name.toUpperCase(), place: placeOf(data, step, axisMode.value)}],
  );
}

/** A curve of one side, or `null` while it is on its way or not recorded. */
type SideCurve = {side: ChosenSide; curve: Curve} | null;

const colourOf = ({run}: ChosenSide) => runColour(run).slice(4, -1);

function linesOf(curves: readonly SideCurve[], isOneRun: boolean): {places: number[]; lines: Line[]} {
  const known = curves.filter((entry) => entry !== null);
  const {places, lines} = merged(known.map(({side, curve}) => placed(side.data, curve, axisMode.value)));
  return {
    places,
    lines: known.map(({side}, i) => ({
      name: known.length > 1 ? side.name.toUpperCase() : isOneRun ? 'A and B' : side.name.toUpperCase(),
      color: colourOf(side), width: side.name === 'a' ? 2 : 1.5, dashed: isOneRun && i === 1, values: lines[i]!,
    })),
  };
}

interface SideChartProps {
  title: string;
  /** Stands in the place of the title, such as a menu. */
  head?: ComponentChildren;
  curves: readonly SideCurve[];
  isOneRun: boolean;
  /** Sides that stand at a record of their own. */
  marks: readonly Mark[];
  /** Ends that the values cannot go beyond. */
  ends: readonly [number | null, number | null];
}

const UNIT = [0, 1] as const;

function SideChart({title, head, curves, isOneRun, marks, ends}: SideChartProps) {
  const keys = curves.map((entry) => entry && `${entry.side.run} ${entry.side.tag}`).join();
  const sources = curves.map((entry) => entry?.curve.values);
  const data = useMemo(() => linesOf(curves, isOneRun), [keys, ...sources, axisMode.value]);
  const range = useMemo(() => (ends === UNIT ? UNIT : roundRange(data.lines.map((line) => line.values), ends)), [data, ends]);
  const now = useComputed(() => axisPositions.value[stepIndex.value] ?? null);
  const [low, high] = axisRange.value;
  const hasLines = data.lines.some(({values}) => values.some((value) => value !== null && value !== undefined));
  return (
    <section class="cch" aria-label={title}>
      <h2>
        {head ?? <span class="b clip1" title={title}>{title}</span>}
        <span class="cap nowrap">{axisMode.value === 'time' ? '' : `${stepName.value.toLowerCase()}s ${axisText(low)}–${axisText(high)}`}</span>
      </h2>
      {hasLines ? (
        <LineChart
          label={`${title} over time, A and B`} places={data.places} lines={data.lines} now={now} marks={marks} span={[low, high]} range={range}
          formatPlace={(place) => axisText(place)} formatValue={(value) => (value === null ? '–' : figure(value))}
          onPick={(index) => goTo(nearest(axisPositions.peek(), data.places[index] ?? 0))}
        />
      ) : (
        <p class="cap lead">Not recorded</p>
      )}
    </section>
  );
}

/** Curve of the first target of a sample; one line where both sides are of one run. */
function probabilityOf(side: ChosenSide, own: number | null): SideCurve {
  const loaded = own === null ? null : predictionsOf(side.data);
  if (loaded?.status !== 'ready') return null;
  return {side, curve: {steps: loaded.value.steps, values: loaded.value.curve(own!)}};
}

type ChartProps = ChartsProps & {marks: readonly Mark[]};

function ProbabilityChart({a, b, match, marks}: ChartProps) {
  const isOneRun = a.run === b.run;
  const [ofA, ofB] = [predictionsOf(a.data), predictionsOf(b.data)];
  const curveA = useMemo(() => probabilityOf(a, match.a), [a.data, match, ofA]);
  const curveB = useMemo(() => (isOneRun ? null : probabilityOf(b, match.b)), [b.data, match, ofB, isOneRun]);
  const known = ofA?.status === 'ready' ? ofA.value : null;
  const target = known?.facts.targets[0] ?? '';
  const label = target === 'label' ? labelName(a.data, match.a) : '';
  const what = label ? `of “${label}”` : target === 'predicted' ? 'of the predicted class' : target && `of ${target}`;
  const title = `${known?.hasProbability === false ? 'Score' : 'Probability'} ${what}`.trim();
  return <SideChart title={title} curves={[curveA, curveB]} isOneRun={isOneRun} marks={marks} ends={known?.hasProbability === false ? NO_ENDS : UNIT} />;
}

/** One figure of a side's map over all records. */
function useMetricCurve(side: ChosenSide, own: number | null, name: string): SideCurve {
  const has = name in metricsOf(side.maps);
  const loaded = has ? measures(side.data, side.maps, [name]) : null;
  const known = loaded?.status === 'ready' ? loaded.value : null;
  const map = own === null ? -1 : mapOf(side, own);
  return useMemo(() => (known && map >= 0 ? {side, curve: {steps: known.steps, values: known.over(name, map)}} : null), [known, name, map, side]);
}

function MetricChart({a, b, match, marks}: ChartProps) {
  const all = commonMetrics(a.maps, b.maps);
  const metric = all.find(({name}) => name === wantedCurve.value) ?? all[0]!;
  const ofA = useMetricCurve(a, match.a, metric.name);
  const ofB = useMetricCurve(b, match.b, metric.name);
  const isSame = a.run === b.run && a.tag === b.tag && mapOf(a, match.a) === (match.b === null ? -1 : mapOf(b, match.b));
  const options = all.map((each) => ({value: each.name, label: titleOf(each)}));
  const head = options.length > 1 ? <Menu label="Curve of" showLabel={false} class="small b" options={options} value={metric.name} onChange={(name) => (wantedCurve.value = name)} /> : undefined;
  return <SideChart title={titleOf(metric)} head={head} curves={isSame ? [ofA] : [ofA, ofB]} isOneRun={a.run === b.run} marks={marks} ends={metric.ends} />;
}

/** What both models said about the sample over time, and what was measured on its maps. */
export function Charts(props: ChartsProps) {
  useLayoutEffect(() => addStyle(css), []);
  const hasMetrics = commonMetrics(props.a.maps, props.b.maps).length > 0;
  const {a, b} = props;
  const marks = useMemo(() => marksOf([a, b]), [a, b, axisMode.value]);
  return (
    <div class="cpair">
      <ProbabilityChart {...props} marks={marks} />
      {hasMetrics && <MetricChart {...props} marks={marks} />}
    </div>
  );
}
