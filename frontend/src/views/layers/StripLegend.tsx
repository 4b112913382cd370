import type {Style} from '../../render/lut';
import {Legend} from '../../ui/Legend';
import {figure} from '../../ui/format';
import {CouldNotRead} from './CouldNotRead';
import {statistic, statisticsState, stripScale} from './model';
import {caution, STATISTICS, type StatisticName} from './statistics';

/** Colours of the strips of a figure: diverging about 0 where it has a sign. */
export function stripStyle(name: StatisticName): Style {
  const {signed} = STATISTICS[name];
  return {table: signed ? 'RdBu' : 'viridis', signed, veil: 'solid', threshold: 0, log: false};
}

/** What the colours of the strips mean. */
export function StripLegend() {
  const state = statisticsState.value;
  if (!state) return <NoStatistics />;
  if (state.status === 'error') {
    return <div class="strip-legend"><CouldNotRead what="the statistics" reason={state.reason} retry={state.retry} /></div>;
  }
  if (state.status === 'loading') return null;
  const {low, high, clipped} = stripScale.value;
  const {meaning, signed} = STATISTICS[statistic.value];
  const warning = caution(statistic.value, state.value.facts.samples);
  const ends = signed ? [figure(low), '0', figure(high)] : [figure(low), figure(high)];
  return (
    <div class="strip-legend cap">
      <span title={meaning}>{warning && <b class="b">{warning}: </b>}{meaning}</span>
      <Legend
        style={stripStyle(statistic.value)} ends={ends} clipped={clipped}
        title={clipped ? 'Values beyond the end have the colour of the end' : ''}
      />
    </div>
  );
}

function NoStatistics() {
  return (
    <div class="strip-legend cap">
      <p>No statistics in this run. They come with <code class="mono">tbx.Activations()</code> and <code class="mono">tbx.Filters()</code>.</p>
    </div>
  );
}
