// What uPlot is told: quiet axes in the colours of the tokens, no legend of its own.
import type uPlot from 'uplot';

/** One line of a chart. */
export interface Line {
  name: string;
  /** Custom property with its colour, such as `--run-0`. */
  color: string;
  dashed?: boolean;
  /** Width in pixels; 1.5 where it is left out. */
  width?: number;
  /** Opacity, 0 to 1. */
  opacity?: number;
  /** `null` is a gap; `undefined` is no value of this line, and the line goes on over it. */
  values: readonly (number | null | undefined)[];
}

/** What a chart shows, and how it prints it. */
export interface ChartData {
  /** Place of each value on the axis, ascending. */
  places: readonly number[];
  lines: readonly Line[];
}

/** How a chart prints and reports. */
export interface ChartWords {
  formatPlace(place: number): string;
  formatValue(value: number | null): string;
}

/** Ends of the axes; those of the values where they are left out. */
export interface ChartEnds {
  /** Ends of the axis of time. */
  span?: readonly [number, number] | undefined;
  /** Ends of the axis of values; only they and their middle are marked. */
  range?: readonly [number, number] | undefined;
  /** Distances that marks of time may have; round numbers where they are left out. */
  distances?: readonly number[] | undefined;
}

type Plot = typeof uPlot;

/** Loads the chart library; it is a chunk of its own. */
export async function loadPlot(): Promise<Plot> {
  return (await import('uplot')).default;
}

/** Reads a colour or font of the current theme. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The values as uPlot takes them: places first, then one array per line. */
export function plotData(data: ChartData): uPlot.AlignedData {
  return [[...data.places], ...data.lines.map((line) => [...line.values])] as uPlot.AlignedData;
}

/** Options of a chart of the given size; colours are read again at every drawing. */
export function plotOptions(
  data: ChartData,
  words: ChartWords,
  size: {width: number; height: number},
  range: readonly [number, number],
  ends: ChartEnds = {},
): uPlot.Options {
  return {
    ...size,
    padding: [6, 6, 0, 0],
    legend: {show: false},
    cursor: {y: false, drag: {setScale: false, x: false, y: false}, points: {size: 6}},
    scales: {x: {time: false, range: (_, low, high) => placeRange(ends.span?.[0] ?? low, ends.span?.[1] ?? high)}, y: {range: () => [...range]}},
    axes: [axisX(words, ends.distances), axisY(words, ends.range)],
    series: [{}, ...data.lines.map((line) => lineOptions(line, data.places.length))],
  };
}

// A single record would otherwise have a range of no width.
function placeRange(low: number | null, high: number | null): [number, number] {
  const start = low ?? 0;
  const end = high ?? start;
  return start === end ? [start - 0.5, end + 0.5] : [start, end];
}

function lineOptions(line: Line, places: number): uPlot.Series {
  return {
    label: line.name,
    stroke: () => token(line.color),
    width: line.width ?? 1.5,
    alpha: line.opacity ?? 1,
    ...(line.dashed ? {dash: [4, 3]} : {}),
    points: {show: places < 3, size: 5, fill: () => token(line.color)},
  };
}

const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7];

function axisX(words: ChartWords, distances: readonly number[] = ROUND): uPlot.Axis {
  return {
    ...quietAxis(),
    size: 22,
    gap: 4,
    space: 56,
    grid: {show: false},
    ticks: {size: 4, width: 1, stroke: () => token('--line-control')},
    incrs: [...distances],
    values: (_, splits) => splits.map((place) => words.formatPlace(place)),
  };
}

function axisY(words: ChartWords, range?: readonly [number, number]): uPlot.Axis {
  const marks = range && [range[0], (range[0] + range[1]) / 2, range[1]];
  return {
    ...quietAxis(),
    size: 42,
    gap: 4,
    space: 30,
    grid: {width: 1, stroke: () => token('--grid')},
    ticks: {show: false},
    ...(marks ? {splits: () => marks} : {}),
    values: (_, splits) => splits.map((value, i) => (marks && i === 1 ? '' : words.formatValue(value))),
  };
}

function quietAxis(): uPlot.Axis {
  return {stroke: () => token('--axis'), font: `11px ${token('--font')}`};
}
