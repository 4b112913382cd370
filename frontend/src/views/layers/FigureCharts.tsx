import {useComputed} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import type {Figures} from '../../api';
import {LineChart} from '../../charts/LineChart';
import {lastNotAbove} from '../../store/steps';
import {axisPositions, axisText, goTo, stepIndex, steps} from '../../store/time';
import {figure} from '../../ui/format';
import {figureSeries} from './figure_series';

const TITLES: Readonly<Record<string, string>> = {
  norm: 'Norm', change: 'Relative change since the last record',
};

interface FigureChartsProps {
  known: Figures;
  map: number;
  /** Channel, filter or layer that the figures are about. */
  name: string;
}

/** The figures that are drawn: norm and change of filters, whatever features have. */
function namesOf({figures}: Figures): string[] {
  const usual = Object.keys(TITLES).filter((name) => figures[name]);
  return usual.length ? usual : Object.keys(figures).slice(0, 2);
}

const titleOf = (kind: string): string => TITLES[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ');

/** Norm and change of a filter over time; a click goes to the record. */
export function FigureCharts({known, map, name}: FigureChartsProps) {
  return (
    <div class="two-charts">
      {namesOf(known).map((kind) => (
        <FigureChart known={known} map={map} name={name} kind={kind} key={kind} />
      ))}
    </div>
  );
}

function FigureChart({known, map, name, kind}: FigureChartsProps & {kind: string}) {
  const all = axisPositions.value;
  const places = useMemo(() => known.steps.map((at) => all[lastNotAbove(steps.peek(), at)] ?? at), [known, all]);
  const lines = useMemo(
    () => [{name: kind, color: '--text', values: figureSeries(known, kind, map).values}],
    [known, map, kind],
  );
  const now = useComputed(() => axisPositions.value[stepIndex.value] ?? null);
  const title = titleOf(kind);
  if (!lines[0]!.values.some((value) => value !== null)) return null;
  return (
    <section class="card" aria-label={title}>
      <h3><span class="b">{title}</span></h3>
      <LineChart
        label={`${title} of ${name} over time`} places={places} lines={lines} now={now}
        formatPlace={(place) => axisText(place)} formatValue={(value) => (value === null ? '–' : figure(value))}
        onPick={(index) => goTo(lastNotAbove(steps.peek(), known.steps[index] ?? 0))}
      />
    </section>
  );
}
