// Statistics of all layers over time: which there are, what they mean, and their shared scale.
import type {LayerNode} from './ladder';
import {channelsOf, leaves} from './ladder';

/** Statistics of layers in the order of menus. */
export const STATISTIC_NAMES = [
  'change', 'norm', 'mean', 'std', 'dead', 'sparsity', 'saturation',
  'cka', 'cka_first', 'filter_drift', 'filter_drift_max', 'filter_drift_first', 'filter_drift_first_max',
] as const;
export type StatisticName = (typeof STATISTIC_NAMES)[number];


/** How one statistic is named and explained. */
export interface StatisticFacts {
  title: string;
  /** What the colour means, for the legend. */
  meaning: string;
  /** What a layer without this figure says in place of a strip. */
  missing: string;
  signed: boolean;
  /** A share runs from 0 to 1, so its scale is printed without a unit. */
  share: boolean;
  /** Whether values lie near 1, so that the scale begins at the smallest instead of 0. */
  fits?: boolean;
}

const turned = (title: string, since: string, most = false): StatisticFacts => ({
  title, meaning: `${most ? 'the most that a filter' : 'how far filters'} turned since ${since}: 1 − cosine`,
  missing: 'no weights', signed: false, share: false,
});

const alike = (title: string, since: string): StatisticFacts => ({
  title, meaning: `likeness to ${since} in what samples are told apart by: debiased linear CKA`,
  missing: 'not recorded', signed: false, share: false, fits: true,
});

export const STATISTICS: Readonly<Record<StatisticName, StatisticFacts>> = {
  change: {
    title: 'Weight change', meaning: 'relative change per record', missing: 'no weights',
    signed: false, share: false,
  },
  norm: {
    title: 'Weight norm', meaning: 'norm of the weights', missing: 'no weights',
    signed: false, share: false,
  },
  mean: {
    title: 'Mean', meaning: 'mean activation', missing: 'not recorded',
    signed: true, share: false,
  },
  std: {
    title: 'Spread', meaning: 'standard deviation of the activation', missing: 'not recorded',
    signed: false, share: false,
  },
  dead: {
    title: 'Dead channels', meaning: 'share of channels that are 0 on every sample',
    missing: 'not recorded', signed: false, share: true,
  },
  sparsity: {
    title: 'Zeros', meaning: 'share of activations that are 0', missing: 'not recorded',
    signed: false, share: true,
  },
  saturation: {
    title: 'Saturation', meaning: 'share of activations at the bound of their function',
    missing: 'not recorded', signed: false, share: true,
  },
  cka: alike('CKA', 'the last record'),
  cka_first: alike('CKA with the first', 'the first record'),
  filter_drift: turned('Filter drift', 'the last record'),
  filter_drift_max: turned('Largest filter drift', 'the last record', true),
  filter_drift_first: turned('Filter drift since the first', 'the first record'),
  filter_drift_first_max: turned('Largest since the first', 'the first record', true),
};

/** Samples of which CKA says something reliable. */
const RELIABLE = 64;

/** What has to be said about a figure of so many samples: `16 samples, unreliable`; empty where it is sound. */
export function caution(name: string, samples: number | undefined): string {
  return name.startsWith('cka') && samples !== undefined && samples < RELIABLE ? `${samples} samples, unreliable` : '';
}


/** The statistics table of a run: per figure `(steps, layers)`, row-major. */
export interface StatisticsTable {
  steps: readonly number[];
  layers: readonly string[];
  /** Column of each layer. */
  columns: ReadonlyMap<string, number>;
  figures: Readonly<Record<string, ArrayLike<number>>>;
}

/** Makes a table of the arrays of a statistics tag. */
export function statisticsTable(
  steps: readonly number[],
  layers: readonly string[],
  figures: Readonly<Record<string, ArrayLike<number>>>,
): StatisticsTable {
  return {steps, layers, columns: new Map(layers.map((path, column) => [path, column])), figures};
}

/** Returns a figure of one layer at every step of the table; NaN where there is none. */
export function layerSeries(table: StatisticsTable, figure: string, path: string): Float32Array {
  const series = new Float32Array(table.steps.length).fill(NaN);
  const column = columnOf(table, path);
  const values = table.figures[figure];
  if (Number.isNaN(column) || !values) return series;
  for (let step = 0; step < series.length; step += 1) {
    series[step] = values[step * table.layers.length + column] ?? NaN;
  }
  return series;
}

/** Returns a figure of a layer, or of a block from the layers that it holds. */
export function nodeSeries(table: StatisticsTable, figure: StatisticName, node: LayerNode): Float32Array {
  const own = ownSeries(table, figure, node);
  if (!node.children.length || own.some((value) => !Number.isNaN(value))) return own;
  const parts = leaves(node).map((leaf) => ({
    values: ownSeries(table, figure, leaf),
    weights: weightsOf(table, figure, leaf),
  }));
  return own.map((_, step) => combine(figure, parts.map((part) => [
    part.values[step] ?? NaN, part.weights[step] ?? NaN,
  ])));
}

/** Number of dead channels of a layer, or of a block, at one step; `null` if not recorded. */
export function deadChannels(table: StatisticsTable, node: LayerNode, step: number): number | null {
  const dead = table.figures['dead']?.[step * table.layers.length + columnOf(table, node.path)];
  if (dead !== undefined && !Number.isNaN(dead)) return dead;
  const counts = node.children
    .map((child) => deadChannels(table, child, step))
    .filter((count) => count !== null);
  return counts.length ? counts.reduce((sum, count) => sum + count, 0) : null;
}

/** The scale that all strips share. */
export interface StatisticScale {
  low: number;
  high: number;
  /** Whether some values lie above `high` and are clipped. */
  clipped: boolean;
}

/** Scale from 0 to the 98th percentile over the layers and steps, rounded up to two digits. */
export function statisticScale(
  series: readonly Float32Array[],
  figure: StatisticName,
): StatisticScale {
  const sizes = Float64Array.from(series.flatMap((values) => [...values]))
    .filter((value) => Number.isFinite(value))
    .map(Math.abs)
    .sort();
  const top = sizes[sizes.length - 1] ?? 0;
  const percentile = sizes[Math.max(0, Math.ceil(0.98 * sizes.length) - 1)] ?? 0;
  const high = roundUp(percentile > 0 ? percentile : top);
  const bounded = STATISTICS[figure].share ? Math.min(1, high) : high;
  if (STATISTICS[figure].fits) return fitted(series);
  const low = STATISTICS[figure].signed ? -bounded : 0;
  return {low, high: bounded, clipped: top > bounded * (1 + 1e-6)};
}

/** Scale from the second percentile, rounded down, to 1. */
function fitted(series: readonly Float32Array[]): StatisticScale {
  const known = Float64Array.from(series.flatMap((values) => [...values])).filter((value) => Number.isFinite(value)).sort();
  const least = known[Math.floor(0.02 * known.length)] ?? 0;
  const low = Math.min(0.99, Math.floor(100 * least + 1e-4) / 100);
  return {low, high: 1, clipped: (known[0] ?? 1) < low - 1e-6};
}

// Dead channels are recorded as a number; layers can be compared by their share.
function ownSeries(table: StatisticsTable, figure: StatisticName, node: LayerNode): Float32Array {
  const values = layerSeries(table, figure, node.path);
  const channels = channelsOf(node.shape);
  if (figure !== 'dead' || channels === null) return values;
  return values.map((dead) => dead / channels);
}

// NaN as an index reads nothing, so a layer without a column has no values.
function columnOf(table: StatisticsTable, path: string): number {
  return table.columns.get(path) ?? NaN;
}

// The weight of a layer within its block: its norm for changes, else its number of channels.
function weightsOf(table: StatisticsTable, figure: StatisticName, leaf: LayerNode): Float32Array {
  if (figure === 'change') return layerSeries(table, 'norm', leaf.path);
  return new Float32Array(table.steps.length).fill(channelsOf(leaf.shape) ?? 1);
}

// Norms add in squares; a relative change is weighted by the norm it refers to.
function combine(figure: StatisticName, pairs: readonly (readonly [number, number])[]): number {
  const known = pairs.filter(([value, weight]) => !Number.isNaN(value) && !Number.isNaN(weight));
  if (!known.length) return NaN;
  if (figure === 'norm') return Math.hypot(...known.map(([value]) => value));
  if (figure === 'change') {
    const whole = Math.hypot(...known.map(([, norm]) => norm));
    return whole > 0 ? Math.hypot(...known.map(([value, norm]) => value * norm)) / whole : 0;
  }
  if (figure.endsWith('_max')) return Math.max(...known.map(([value]) => value));
  const total = known.reduce((sum, [, weight]) => sum + weight, 0);
  return known.reduce((sum, [value, weight]) => sum + value * weight, 0) / total;
}

function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}
