import {figure, percent} from '../../ui/format';
import type {LayerNode} from './ladder';
import {statistics, statisticsIndex} from './model';
import {nodeSeries, STATISTIC_NAMES, STATISTICS, type StatisticName} from './statistics';

/** The figures of a layer at the shown record. */
export function StatisticsNow({node}: {node: LayerNode}) {
  const known = statistics.value;
  const now = statisticsIndex.value;
  if (!known || now < 0) return null;
  const found = STATISTIC_NAMES.flatMap((name) => {
    const value = nodeSeries(known, name, node)[now];
    return value === undefined || Number.isNaN(value) ? [] : [[name, value] as const];
  });
  if (!found.length) return null;
  return (
    <dl class="stat-now" aria-label="Statistics">
      {found.map(([name, value]) => (
        <div key={name} title={STATISTICS[name].meaning}>
          <dt>{STATISTICS[name].title}</dt>
          <dd>{format(name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const format = (name: StatisticName, value: number): string =>
  STATISTICS[name].share ? percent(value) : figure(value);
