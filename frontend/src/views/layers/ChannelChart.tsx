import {useComputed} from '@preact/signals';
import {useLayoutEffect, useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import {LineChart} from '../../charts/LineChart';
import {setWaiting} from '../../render/ready';
import {measures, type Measures} from '../../store/measures';
import {sampleName} from '../../store/predictions';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {axisPositions, axisText, goTo, stepIndex, steps} from '../../store/time';
import {figure, plural} from '../../ui/format';
import {mapsOfChannel} from './channel_entries';

interface ChannelChartProps {
  run: RunData;
  tag: MapTag;
  channel: number;
  sample: number;
  /** The map of the channel on the sample. */
  map: number;
}

const PEAK = 'peak';
/** Figures that are worth loading for a curve. */
const MOST = 4e6;

/** Mean over some maps at each record; `null` where none is known. */
export function meanOver(known: Pick<Measures, 'over'>, name: string, maps: readonly number[]): (number | null)[] {
  const all = maps.map((map) => known.over(name, map));
  return (all[0] ?? []).map((_, record) => {
    const values = all.flatMap((series) => series[record] ?? []);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  });
}

/** The largest value of a channel over time, on the sample and on all samples; a click goes to the record. */
export function ChannelChart(props: ChannelChartProps) {
  const {run, tag} = props;
  return tagSteps(run, tag).length * tag.columns.sample.length > MOST ? null : <Chart {...props} />;
}

function Chart({run, tag, channel, sample, map}: ChannelChartProps) {
  const loaded = measures(run, tag, [PEAK]);
  const known = loaded.status === 'ready' ? loaded.value : null;
  const all = axisPositions.value;
  const places = useMemo(() => known?.steps.map((at) => all[lastNotAbove(steps.peek(), at)] ?? at) ?? [], [known, all]);
  const lines = useMemo(() => {
    const maps = mapsOfChannel(tag, channel);
    if (!known) return [];
    const mean = {name: `mean of ${plural(maps.length, 'sample')}`, color: '--text-2', dashed: true, values: meanOver(known, PEAK, maps)};
    return [{name: sampleName(run, sample), color: '--text', values: known.over(PEAK, map)}, mean];
  }, [known, run, tag, channel, sample, map]);
  useLayoutEffect(() => {
    setWaiting('channel chart', loaded.status === 'loading');
    return () => setWaiting('channel chart', false);
  }, [loaded.status]);
  const now = useComputed(() => axisPositions.value[stepIndex.value] ?? null);
  if (!lines[0]?.values.some((value) => value !== null)) return null;
  const title = `Largest value of channel ${channel}`;
  return (
    <div class="two-charts">
      <section class="card" aria-label={title}>
        <h3><span class="b">{title}</span> <span class="cap">dashed: {lines[1]!.name}</span></h3>
        <LineChart
          label={`${title} over time`} places={places} lines={lines} now={now}
          formatPlace={(place) => axisText(place)} formatValue={(value) => (value === null ? '–' : figure(value))}
          onPick={(index) => goTo(lastNotAbove(steps.peek(), known?.steps[index] ?? 0))}
        />
      </section>
    </div>
  );
}
