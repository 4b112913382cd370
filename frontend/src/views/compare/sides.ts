// Both sides of the comparison, as far as their runs are read.
import {computed, effect, type ReadonlySignal} from '@preact/signals';
import type {MapTag, RunData} from '../../api';
import {shownMap} from '../../store/attention';
import {visibleTags} from '../../store/explainers';
import {mapAt, type MapAt} from '../../store/maps';
import {sameSample} from '../../store/predictions';
import {chosenRuns, runData, runProblems, runs, shown} from '../../store/runs';
import {scaleExtent} from '../../store/scales';
import {sides, usualSides, type Side} from '../../store/selection';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {step} from '../../store/time';
import {sample} from '../../store/view';
import type {Extent} from '../../render/scale';
import {closestTag, usualA, usualB} from './usual_sides';

export type SideName = 'a' | 'b';

/** A side whose run is read: what was chosen, or what stands in for it. */
export interface ChosenSide extends Side {
  name: SideName;
  data: RunData;
  maps: MapTag;
}

/** Runs of the comparison in the order of the sidebar, as far as they are read. */
const readRuns = computed(() => {
  const names = [...new Set([...chosenRuns.value, sides.a.value?.run, sides.b.value?.run])];
  return names.flatMap((name) => (name && runData.value.get(name)) || []);
});

/** Whether a chosen run is still on its way, so that it is too early to choose another. */
const isReading = computed(() => chosenRuns.value.some(isOnItsWay));

const isRead = (run: string): boolean => runData.value.has(run);
const isOnItsWay = (run: string): boolean => !isRead(run) && !runProblems.value.has(run) && isListed(run);
const isListed = (run: string): boolean => !runs.value || runs.value.some((entry) => entry.run === run);

/** A choice, as long as its run is there or may come. */
const possible = (side: Side | null): Side | null => (side && (isRead(side.run) || isOnItsWay(side.run)) ? side : null);

function resolved(name: SideName, side: Side | null, like?: MapTag): ChosenSide | null {
  const data = side && runData.value.get(side.run);
  const maps = data && closestTag(data, side.tag, like);
  return side && data && maps ? {...side, tag: maps.tag, name, data, maps} : null;
}

/** A side as it is shown: while another run is read, what was shown before stays. */
function held(find: () => ChosenSide | null, wanted: ReadonlySignal<Side | null>): ReadonlySignal<ChosenSide | null> {
  let last: ChosenSide | null = null;
  return computed(() => {
    const now = find();
    const run = wanted.value?.run;
    if (now || run === undefined || !isOnItsWay(run)) last = now;
    return last;
  });
}

const wantedA = computed<Side | null>(() => {
  const [run, own] = [shown.value, possible(sides.a.value)];
  if (own || !run) return own;
  return usualA(run, visibleTags(run).map(({tag}) => tag), sides.b.value);
});

export const sideA: ReadonlySignal<ChosenSide | null> = held(() => resolved('a', wantedA.value), wantedA);

const wantedB = computed<Side | null>(() => {
  const [own, a] = [possible(sides.b.value), sideA.value];
  if (own) return own;
  return a && !isReading.value ? usualB(plain(a), readRuns.value) : null;
});

export const sideB: ReadonlySignal<ChosenSide | null> = held(
  () => resolved('b', wantedB.value, sideA.value?.maps), wantedB,
);

/** Whether sides may still appear by themselves. */
export const areLoading = computed(() => {
  const wanted = [wantedA.value, wantedB.value].flatMap((side) => side?.run ?? []);
  return isReading.value || wanted.some(isOnItsWay);
});

/** A change of what a side shows; `undefined` takes a choice of its own away. */
type Change = {[Key in keyof Side]?: Side[Key] | undefined};

const plain = ({run, tag, step: at, head, query}: Side & Pick<Change, 'head' | 'query'>): Side => ({
  run, tag, step: at, ...(head !== undefined && {head}), ...(query !== undefined && {query}),
});

/** Changes what one side shows. */
export function choose(side: ChosenSide, change: Change): void {
  sides[side.name].value = plain({...side, ...change} as Side);
}

/** Tells all views what the sides are that nobody chose; returns what stops it. */
export function publishSides(): () => void {
  return effect(() => {
    usualSides.a.value = sideA.value && plain(sideA.value);
    usualSides.b.value = sideB.value && plain(sideB.value);
  });
}

/** The step of a side. */
export const stepOf = (side: ChosenSide): number => side.step ?? step.value;

/** The record that a side shows; `null` before the first. */
export function recordOf(side: ChosenSide): number | null {
  const steps = tagSteps(side.data, side.maps);
  return steps[lastNotAbove(steps, stepOf(side))] ?? null;
}

/** Index of the map of a sample of the side's own run. */
export const mapOf = (side: ChosenSide, own: number): number => shownMap(side.maps, own, side);

export const readSide = (side: ChosenSide, own: number): MapAt =>
  mapAt(side.data, side.maps, stepOf(side), mapOf(side, own));

/** What the values of a sample span in all records of a side, or those of all samples. */
export const extentOf = (side: ChosenSide, own: number): Extent | null =>
  scaleExtent(side.data, side.maps, mapOf(side, own));

/** A sample by its index in each run; `null` where a run does not have it. */
export interface Match {
  a: number;
  b: number | null;
  /** In the run that is shown in the other views. */
  shown: number | null;
}

/** The chosen sample on both sides; `null` where A does not have it. */
export const chosenMatch = computed<Match | null>(() => {
  const [run, a, b] = [shown.value, sideA.value, sideB.value];
  const own = run && a ? sameSample(run, sample.value, a.data) : null;
  if (!run || !a || own === null) return null;
  return {a: own, b: b && sameSample(a.data, own, b.data), shown: sample.value};
});

/** Samples of A in its order, with their indexes in the other runs. */
export const matches = computed<(Match & {b: number})[]>(() => {
  const [run, a, b] = [shown.value, sideA.value, sideB.value];
  if (!run || !a || !b) return [];
  const count = a.data.samples?.count ?? 0;
  return Array.from({length: count}, (_, own) => own).flatMap((own) => {
    const other = sameSample(a.data, own, b.data);
    return other === null ? [] : [{a: own, b: other, shown: sameSample(a.data, own, run)}];
  });
});

/** How many samples only one side has. */
export const unmatched = computed<{a: number; b: number}>(() => {
  const [a, b] = [sideA.value, sideB.value];
  const missing = (from: RunData, to: RunData) =>
    Array.from({length: from.samples?.count ?? 0}, (_, own) => sameSample(from, own, to)).filter((own) => own === null).length;
  return a && b ? {a: missing(a.data, b.data), b: missing(b.data, a.data)} : {a: 0, b: 0};
});
