import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import type {RunData} from '../../api';
import {LineChart, type Hovered, type Mark} from '../../charts/LineChart';
import {roundRange} from '../../charts/series';
import {setPending} from '../../render/ready';
import {SPANS} from '../../scrubber/curves';
import {findingsOf} from '../../store/findings';
import {runColour, shown, shownRun} from '../../store/runs';
import {axisMode, axisRange, axisText} from '../../store/time';
import {figure} from '../../ui/format';
import {MetricName} from '../../ui/MetricName';
import {align} from './align';
import {betterWords, type Card} from './cards';
import {curvesOf, type Curve, type Subject} from './curves';
import {goToPlace, nowPlace} from './drawn';
import {useInSight} from './in_sight';
import {placeOfStep} from './moment';
import {hovered} from './Popup';
import {soughtChart} from './state';

const property = (run: string): string => runColour(run).slice(4, -1);

/** Draws the shown run last and wide, the others thin, and layers faint. */
function styleOf({run, name}: Curve): {width: number; opacity: number} {
  if (name) return {width: 1, opacity: 0.35};
  return run.run === shownRun.value ? {width: 2, opacity: 1} : {width: 1.25, opacity: 1};
}

/** In which order lines are drawn: other runs, then layers, then the shown run. */
const depth = ({run, name}: Curve): number => (name ? 1 : run.run === shownRun.peek() ? 2 : 0);

/** Curves of all runs, the shown one first; of layers, each alone only of the shown run. */
function useCurves(card: Card, runs: readonly RunData[], subject: Subject) {
  const [front, ...others] = runs;
  const first = front && curvesOf(card, front, subject);
  // What belongs to the shown run comes first, however many others there are.
  const further = first?.status === 'loading' ? [] : others.map((run) => curvesOf(card, run, subject));
  const states = first ? [first, ...further] : [];
  const all = states.flatMap((state) => (state.status === 'ready' ? state.value : []));
  const kept = all.filter(({run, name}) => !name || run.run === shownRun.value).sort((a, b) => depth(a) - depth(b));
  return {
    ...useCalm(kept),
    loading: states.some(({status}) => status === 'loading'),
    problem: states.find((state) => state.status === 'error'),
  };
}

const isSame = (a: readonly Curve[], b: readonly Curve[]): boolean =>
  a.length === b.length && a.every(({values, run}, i) => values === b[i]!.values && run === b[i]!.run);

/** Milliseconds for which curves of further runs are gathered, so that many are drawn at once. */
const CALM = 150;

/** The curves as they are drawn: the first at once, later ones when no more have come for a moment. */
function useCalm(curves: Curve[]): {curves: Curve[]; gathering: boolean} {
  const [drawn, setDrawn] = useState(curves);
  const latest = useRef(curves);
  if (!isSame(latest.current, curves)) latest.current = curves;
  const gathering = !isSame(drawn, curves);
  useEffect(() => {
    if (!gathering) return undefined;
    const timer = setTimeout(() => setDrawn(latest.current), drawn.length ? CALM : 0);
    return () => clearTimeout(timer);
  }, [latest.current]);
  return {curves: drawn, gathering};
}

function useLines(curves: readonly Curve[]) {
  const mode = axisMode.value;
  const front = shownRun.value;
  const colours = curves.map(({run}) => property(run.run)).join();
  return useMemo(() => {
    const {places, values} = align(curves.map(({run, steps, values: own}) => ({places: steps.map((step) => placeOfStep(run, step)), values: own})));
    const lines = curves.map((curve, i) => ({
      name: [curve.run.run, curve.name].filter(Boolean).join(', '), color: property(curve.run.run), values: values[i]!, ...styleOf(curve),
    }));
    return {places, lines};
  }, [curves, mode, front, colours]);
}

/** Where findings of the shown run begin that a chart shows. */
function useMarks({kind, name}: Card, subject: Subject): Mark[] {
  const run = shown.value;
  const mode = axisMode.value;
  const tag = subject.tag?.tag;
  return useMemo(() => {
    const own = run ? findingsOf(run).filter(({curve, rule}) => (
      kind === 'map' ? curve?.metric === name && curve.tag === tag : kind === 'layer' && rule === `${name}_channels`
    )) : [];
    return own.map(({from}) => ({name: '!', place: placeOfStep(run!, from)}));
  }, [run, mode, kind, name, tag]);
}

interface ChartCardProps {
  card: Card;
  runs: readonly RunData[];
  subject: Subject;
  /** What the curves are of, in words; narrow cards show the first ones alone. */
  of: readonly [short: string, rest: string];
}

function Chart({card, runs, subject, of}: ChartCardProps) {
  const {curves, gathering, loading, problem} = useCurves(card, runs, subject);
  const {places, lines} = useLines(curves);
  const marks = useMarks(card, subject);
  const token = useRef({});
  useEffect(() => setPending(token.current, loading || gathering), [loading || gathering]);
  useEffect(() => () => setPending(token.current, false), []);
  const range = useMemo(() => roundRange(lines.map(({values}) => values), card.ends), [lines, card.ends]);
  if (problem?.status === 'error' && !curves.length) {
    return <p class="plot-none">Could not read. <button type="button" class="go" onClick={problem.retry}>Retry</button></p>;
  }
  if (!curves.length || !places.length) return <p class="plot-none cap">{loading ? '' : 'Not recorded in these runs'}</p>;
  const hover = (at: Hovered | null) => {
    hovered.value = at && {card, subject, place: places[at.index]!, x: at.x, top: at.top, bottom: at.bottom};
  };
  return (
    <LineChart
      label={`${card.title} of ${of.join('')} over time`} places={places} lines={lines} now={nowPlace} marks={marks} span={axisRange.value} range={range}
      distances={axisMode.value === 'time' ? SPANS : undefined}
      formatPlace={(place) => axisText(place)} formatValue={(value) => (value === null ? '–' : figure(value))}
      onPick={(index) => goToPlace(places[index]!)} onHover={hover}
    />
  );
}

/** One figure over time, of all chosen runs. */
export function ChartCard(props: ChartCardProps) {
  const {card, of} = props;
  const {box, seen} = useInSight<HTMLElement>();
  const isSought = soughtChart.value === card.id;
  useEffect(() => {
    if (!isSought) return;
    box.current?.scrollIntoView({block: 'nearest'});
    box.current?.querySelector<HTMLElement>('.plot')?.focus();
    soughtChart.value = null;
  }, [isSought]);
  return (
    <section class="card" aria-label={card.title} ref={box} data-card={card.id}>
      <h3>
        <MetricName of={card} face={<><b class="b">{card.title}</b> <span class="cap">{betterWords(card)}</span></>} />
        <span class="cap clip1" title={of.join('')}>{of[0]}<span class="rest">{of[1]}</span></span>
      </h3>
      {seen ? <Chart {...props} /> : <div class="plot-none" />}
    </section>
  );
}
