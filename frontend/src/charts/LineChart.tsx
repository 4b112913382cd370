import type {ReadonlySignal} from '@preact/signals';
import {effect, useSignal} from '@preact/signals';
import {useEffect, useMemo, useRef} from 'preact/hooks';
import type uPlot from 'uplot';
import {dark} from '../host';
import {setPending} from '../render/ready';
import {nearest} from '../store/steps';
import {DataTable} from './DataTable';
import {loadPlot, plotData, plotOptions, type ChartData, type ChartEnds, type ChartWords} from './plot';
import {valueRange} from './series';

/** A record under the pointer, and where its line stands in the window. */
export interface Hovered {
  index: number;
  x: number;
  top: number;
  bottom: number;
}

/** A place on the axis with a name of its own. */
export interface Mark {
  name: string;
  place: number;
}

interface LineChartProps extends ChartData, ChartWords, ChartEnds {
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** Place of the shown record on the axis. */
  now: ReadonlySignal<number | null>;
  /** Further places that stand still. */
  marks?: readonly Mark[];
  /** Called with the index of the record that was clicked. */
  onPick(index: number): void;
  /** Called with the record under the pointer; the values above the chart are then left out. */
  onHover?(at: Hovered | null): void;
}

/**
 * A small line chart over time.
 *
 * The line of the shown record follows `now` without a drawing; a click goes to the record under
 * the pointer, and its values stand above the chart.
 */
export function LineChart(props: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const hovered = useSignal<number | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const controller = new AbortController();
    setPending(controller, true);
    void mountPlot(place.current!, latest, controller.signal, (index) => (hovered.value = index))
      .finally(() => setPending(controller, false));
    return () => {
      controller.abort();
      setPending(controller, false);
    };
  }, [props.places, props.lines, props.marks, props.span?.[0], props.span?.[1], props.range?.[0], props.range?.[1]]);
  const table = useMemo(() => <DataTable {...props} />, [props.places, props.lines, props.label]);
  return (
    <figure class="line-chart">
      <div class="plot" ref={place} role="img" tabIndex={props.onHover ? 0 : undefined} aria-label={props.label} />
      {!props.onHover && (
        <figcaption class="cap" aria-hidden="true">
          {hovered.value === null ? '' : readout(props, hovered.value)}
        </figcaption>
      )}
      {table}
    </figure>
  );
}

type Latest = {current: LineChartProps};

async function mountPlot(
  place: HTMLElement,
  latest: Latest,
  signal: AbortSignal,
  onHover: (index: number | null) => void,
): Promise<void> {
  const Plot = await loadPlot();
  if (signal.aborted) return;
  const {places, lines, span, range: ends, distances} = latest.current;
  const size = {width: place.clientWidth || 240, height: place.clientHeight || 120};
  const range = ends ?? valueRange(lines.map((line) => line.values));
  const options = plotOptions({places, lines}, latest.current, size, range, {span, range: ends, distances});
  const mark = (plot: uPlot, now: number | null) => moveMark(plot, now, now === null ? '' : latest.current.formatPlace(now));
  options.hooks = {
    setCursor: [(plot) => {
      const index = plot.cursor.idx ?? null;
      onHover(index);
      latest.current.onHover?.(index === null ? null : hoveredAt(plot, index));
    }],
    draw: [(plot) => {
      mark(plot, latest.current.now.peek());
      drawMarks(plot, latest.current.marks ?? []);
    }],
  };
  const plot = new Plot(options, plotData({places, lines}), place);
  const stop = [effect(() => mark(plot, latest.current.now.value)), followSize(plot, place), followTheme(plot), followFocus(plot, place, latest)];
  plot.over.addEventListener('click', () => {
    if (typeof plot.cursor.idx === 'number') latest.current.onPick(plot.cursor.idx);
  });
  signal.addEventListener('abort', () => {
    stop.forEach((end) => end());
    plot.destroy();
  });
}

function hoveredAt(plot: uPlot, index: number): Hovered {
  const {left, top, bottom} = plot.over.getBoundingClientRect();
  return {index, x: left + plot.valToPos(plot.data[0][index] ?? 0, 'x'), top, bottom};
}

// The mark moves without a drawing of the lines; a drawing may have changed the axis below it.
function moveMark(plot: uPlot, now: number | null, words: string): void {
  const mark = plot.over.querySelector<HTMLElement>('.plot-now') ?? addMark(plot);
  mark.hidden = now === null;
  mark.dataset.now = words;
  if (now !== null) mark.style.transform = `translateX(${plot.valToPos(now, 'x')}px)`;
}

function addMark(plot: uPlot): HTMLElement {
  const mark = document.createElement('i');
  mark.className = 'plot-now';
  plot.over.append(mark);
  return mark;
}

function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  plot.over.querySelectorAll('.plot-mark').forEach((mark) => mark.remove());
  for (const {name, place} of marks) {
    const mark = document.createElement('i');
    mark.className = 'plot-mark';
    mark.dataset.name = name;
    mark.style.left = `${plot.valToPos(place, 'x')}px`;
    plot.over.append(mark);
  }
}

function followSize(plot: uPlot, place: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    const {clientWidth: width, clientHeight: height} = place;
    if (width > 0 && height > 0 && (width !== plot.width || height !== plot.height)) plot.setSize({width, height});
  });
  observer.observe(place);
  return () => observer.disconnect();
}

/** With the keyboard, what a pointer would show stands at the shown record, which the arrows move. */
function followFocus(plot: uPlot, place: HTMLElement, latest: Latest): () => void {
  const show = () => {
    const now = latest.current.now.value;
    if (now === null || !place.matches(':focus-visible')) return;
    latest.current.onHover?.(hoveredAt(plot, nearest(plot.data[0], now)));
  };
  const hide = () => latest.current.onHover?.(null);
  place.addEventListener('focus', show);
  place.addEventListener('blur', hide);
  const stop = effect(show);
  return () => {
    place.removeEventListener('focus', show);
    place.removeEventListener('blur', hide);
    stop();
  };
}

function followTheme(plot: uPlot): () => void {
  let drawn = dark.peek();
  return effect(() => {
    if (dark.value === drawn) return;
    drawn = dark.value;
    // The class of the theme is set by another effect of the same signal.
    requestAnimationFrame(() => plot.redraw(false));
  });
}

function readout(props: LineChartProps, index: number): string {
  const values = props.lines.map(
    (line) => `${line.name} ${props.formatValue(line.values[index] ?? null)}`,
  );
  return [props.formatPlace(props.places[index] ?? 0), ...values].join(' · ');
}
