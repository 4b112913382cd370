// The shown run as the Layers view needs it: ladder, tags by layer, figures.
import {computed, type ReadonlySignal} from '@preact/signals';
import type {MapTag} from '../../api';
import {isPicture} from '../../records/facts';
import {isMaps, isStatistics, shown} from '../../store/runs';
import {lastNotAbove} from '../../store/steps';
import {table} from '../../store/tables';
import {step} from '../../store/time';
import {sample} from '../../store/view';
import {
  allNodes, buildLadder, isInput, startsFolded, visibleNodes, withInput, type LayerNode,
} from './ladder';
import {
  chooseLayer, folds, PANES, setFolded, wantedLayer, wantedPane, wantedStatistic, type Pane,
} from './state';
import {nodeSeries, STATISTIC_NAMES, statisticScale, statisticsTable, type StatisticName, type StatisticsTable} from './statistics';

/** The part of the detail that shows the maps of a tag; `undefined` for maps that lie over samples. */
function paneOf(tag: MapTag): Pane | undefined {
  if (tag.kind === 'filter') return isPicture(tag.facts) ? 'features' : 'filters';
  if (tag.kind === 'weight') return 'weights';
  return tag.kind === 'activation' ? 'channels' : undefined;
}

/** The tree of layers; `null` without a structure record. */
export const ladder: ReadonlySignal<LayerNode[] | null> = computed(() => {
  const structure = shown.value?.structure;
  const samples = shown.value?.samples;
  if (!structure) return null;
  return samples ? withInput(buildLadder(structure), [samples.rows, samples.cols, null]) : buildLadder(structure);
});

/** All layers, top to bottom. */
export const nodes = computed(() => allNodes(ladder.value ?? []));

export const isFolded = (node: LayerNode): boolean =>
  folds.value.get(node.path) ?? startsFolded(node, nodes.value.length);

/** Unfolds what hides a layer. */
export function reveal(node: LayerNode): void {
  for (let block = node.parent; block; block = block.parent) {
    if (isFolded(block)) setFolded(block.path, false);
  }
}

/** Folds or unfolds a block; a choice that would be hidden passes to the block. */
export function toggleFold(block: LayerNode): void {
  const folded = !isFolded(block);
  setFolded(block.path, folded);
  if (folded && chosen.peek()?.path.startsWith(`${block.path}/`)) chooseLayer(block.path);
}

/** The rows of the ladder: layers that are not hidden in a folded block. */
export const rows = computed(() => visibleNodes(ladder.value ?? [], isFolded));

/** Tags with maps of a layer, by part of the detail and path. */
const tagsByLayer = computed(() => {
  const found = {
    channels: new Map<string, MapTag>(),
    filters: new Map<string, MapTag>(),
    features: new Map<string, MapTag>(),
    weights: new Map<string, MapTag>(),
  };
  for (const tag of shown.value?.tags ?? []) {
    if (!isMaps(tag) || tag.facts.layer === null) continue;
    const pane = paneOf(tag);
    const other = pane && found[pane].get(tag.facts.layer);
    // Of two settings for one layer, the one with more maps is shown.
    if (pane && mapsIn(tag) > (other ? mapsIn(other) : 0)) found[pane].set(tag.facts.layer, tag);
  }
  return found;
});

const mapsIn = (tag: MapTag): number => tag.columns.sample.length;

/** The tag with maps of a layer, or `undefined`. */
export const tagOf = (pane: Pane, path: string): MapTag | undefined =>
  tagsByLayer.value[pane].get(path);

/** Whether the shown run has maps of a kind for any layer. */
export const hasAny = (pane: Pane): boolean => tagsByLayer.value[pane].size > 0;

/** Parts of the detail that a layer has. */
export const panesOf = (path: string): Pane[] =>
  PANES.filter((pane) => tagsByLayer.value[pane].has(path));

/** The layer that the detail shows. */
export const chosen: ReadonlySignal<LayerNode | null> = computed(() => {
  const all = nodes.value;
  const wanted = all.find((node) => node.path === wantedLayer.value);
  return wanted ?? usualChoice(all) ?? null;
});

// The layer that class activation maps use if it was recorded, else the last one with channels.
function usualChoice(all: readonly LayerNode[]): LayerNode | undefined {
  const target = shown.value?.structure?.target;
  const recorded = all.filter((node) => panesOf(node.path).length > 0);
  const withChannels = recorded.filter((node) => tagOf('channels', node.path));
  return withChannels.find((node) => node.path === target) ?? withChannels.at(-1) ?? recorded[0] ?? all.find((node) => !isInput(node));
}

/** The part of the detail in use: the one asked for, if the layer has it. */
export const pane: ReadonlySignal<Pane | null> = computed(() => {
  const has = chosen.value ? panesOf(chosen.value.path) : [];
  return has.find((one) => one === wantedPane.value) ?? has[0] ?? null;
});

/** Index of the shown sample; the last one where the link asks for more. */
export const shownSample = computed(() => {
  const count = shown.value?.samples?.count ?? 0;
  return Math.max(0, Math.min(count - 1, sample.value));
});

/** The figure that the strips of the ladder show: the one asked for, if there is such one. */
export const statistic: ReadonlySignal<StatisticName> = computed(
  () => STATISTIC_NAMES.find((name) => name === wantedStatistic.value) ?? 'change',
);

/** Names of the figures that the shown run holds. */
export const recordedStatistics: ReadonlySignal<StatisticName[]> = computed(() => {
  const names = shown.value?.tags.find(isStatistics)?.arrays?.map(({name}) => name) ?? STATISTIC_NAMES;
  return STATISTIC_NAMES.filter((name) => (names as readonly string[]).includes(name));
});

/** State of the statistics of the shown run. */
export const statisticsState = computed(() => {
  const run = shown.value;
  const tag = run?.tags.find(isStatistics);
  return run && tag ? table(run, tag) : null;
});

/** The statistics of the shown run; `null` while they are loading or where there are none. */
export const statistics: ReadonlySignal<StatisticsTable | null> = computed(() => {
  const state = statisticsState.value;
  if (state?.status !== 'ready') return null;
  const {steps, facts, arrays} = state.value;
  const figures = Object.entries(arrays).map(([name, {values}]) => [name, values] as const);
  return statisticsTable(steps, facts.layers, Object.fromEntries(figures));
});

/** The strip of every layer, by path. */
export const strips = computed(() => {
  const known = statistics.value;
  if (!known) return new Map<string, Float32Array>();
  return new Map(nodes.value.map((node) => [node.path, nodeSeries(known, statistic.value, node)]));
});

/** The scale that the strips share, of the layers themselves and not of their blocks. */
export const stripScale = computed(() => {
  const own = nodes.value.filter((node) => !node.children.length);
  return statisticScale(own.map((node) => strips.value.get(node.path)!).filter(Boolean), statistic.value);
});

/** Index into the statistics of the record that is shown; -1 before the first. */
export const statisticsIndex = computed(() => lastNotAbove(statistics.value?.steps ?? [], step.value));

/** Tag of a thumbnail: the layer's own channels, or those of the last layer in its block. */
export function thumbnailTag(node: LayerNode): MapTag | undefined {
  const own = tagOf('channels', node.path);
  if (own || !node.children.length) return own;
  return node.children.map(thumbnailTag).findLast((tag) => tag !== undefined);
}
