import {shown} from '../../store/runs';
import {cells} from '../../store/view';
import {Segments, type Option} from '../../ui/controls';
import {DisplaySettings, ScaleMenu} from '../../ui/Display';
import {Menu} from '../../ui/Menu';
import {SampleMenu} from '../../ui/SampleMenu';
import {pane, recordedStatistics, shownSample, statistic} from './model';
import {COUNTS, order, shownCount, wantedStatistic, type Order} from './state';
import {STATISTICS} from './statistics';

/** Sample, how many maps, their order, and the figure of the strips. */
export function Tools() {
  const run = shown.value;
  return (
    <>
      {run?.samples?.count ? <SampleMenu run={run} value={shownSample.value} /> : null}
      {pane.value !== null && pane.value !== 'weights' && (
        <>
          <CountMenu class="hide-s" />
          <OrderMenu />
        </>
      )}
      <Menu
        label="Strips" value={statistic.value} onChange={(value) => (wantedStatistic.value = value)}
        options={recordedStatistics.value.map((value) => ({value, label: inSentence(STATISTICS[value].title)}))}
      />
    </>
  );
}

/** A title within a sentence; abbreviations stay. */
const inSentence = (title: string): string => title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());

function CountMenu({class: extra = ''}: {class?: string}) {
  const first = order.value === 'channel' ? 'first' : 'strongest';
  const options = COUNTS.map((value) => ({value: value as number, label: value ? `${first} ${value}` : 'all recorded'}));
  return <Menu class={extra} label="Show" options={options} value={shownCount.value} onChange={(value) => (shownCount.value = value)} />;
}

function OrderMenu() {
  const filters = pane.value === 'filters';
  const options: Option<Order>[] = [
    {value: 'value', label: filters ? 'norm' : 'strength'},
    {value: 'change', label: 'change'},
    ...(filters ? [{value: 'alike', label: 'most alike'} as const] : []),
    {value: 'channel', label: filters ? 'filter number' : 'channel number'},
  ];
  const value = options.some((option) => option.value === order.value) ? order.value : 'value';
  return <Menu label="Sort" options={options} value={value} onChange={(next) => (order.value = next)} />;
}

/** The scale of the colours, and how cells are drawn. */
export function EndTools() {
  return (
    <>
      <ScaleMenu class="hide-s" />
      <span class="hide-m">
        <Segments
          label="Interpolation" value={cells.value} onChange={(value) => (cells.value = value)}
          options={[{value: false, label: 'Smooth'}, {value: true, label: 'Cells'}]}
        />
      </span>
      <DisplaySettings overlay={false}>
        <div class="only-s"><CountMenu /></div>
      </DisplaySettings>
    </>
  );
}
