// Two maps of one sample, brought to one grid and, where their scales are no equals, to one scale.
import {computed} from '@preact/signals';
import {aligned, difference, normOfDifference, type DifferenceKind, type Grid} from '../../measures/difference';
import {overlap} from '../../measures/overlap';
import {rankCorrelation} from '../../measures/rank';
import {computedMap, decodeValues, type StoredMap} from '../../records/maps';
import type {Style} from '../../render/lut';
import {join, NO_EXTENT, topOf, type Extent} from '../../render/scale';
import type {ReadyMap} from '../../store/maps';
import {scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {chosenMatch, extentOf, readSide, sideA, sideB, type ChosenSide, type Match} from './sides';
import {kind, wantedDivided} from './state';

/** Whether both sides are made by the same explainer, so that their values mean the same. */
export const isOneExplainer = computed(() => {
  const [a, b] = [sideA.value, sideB.value];
  return !a || !b || a.maps.facts.explainer === b.maps.facts.explainer;
});

/** Whether each side is divided by its own scale. */
export const divided = computed(() => wantedDivided.value ?? !isOneExplainer.value);

/** Switches that on or off; the usual choice depends on what is compared. */
export function divide(on: boolean): void {
  wantedDivided.value = on === !isOneExplainer.peek() ? null : on;
}

/** What the colours of one side span; `null` while that is on its way. */
export function colourExtent(side: ChosenSide, match: Match): Extent | null {
  const [a, b] = [sideA.value, sideB.value];
  const own = side.name === 'a' ? match.a : match.b;
  if (own === null) return NO_EXTENT;
  if (divided.value || !a || !b || match.b === null) return extentOf(side, own);
  const [ofA, ofB] = [extentOf(a, match.a), extentOf(b, match.b)];
  return ofA && ofB && join(ofA, ofB);
}

/** Maps of both sides on their common grid. */
export interface Pair {
  status: 'ready';
  a: ReadyMap;
  b: ReadyMap;
  grids: [Grid, Grid];
  /** What the values of each side were divided by; 1 where they were not. */
  divisors: [number, number];
}

export type PairAt = {status: 'loading'} | {status: 'none'} | Pair;

const LOADING = {status: 'loading'} as const;
const NONE = {status: 'none'} as const;

/** Values of a map; channels are added up. */
function valuesOf(map: StoredMap): Float32Array {
  const values = decodeValues(map);
  const {channels} = map;
  if (channels === 1) return values;
  return Float32Array.from({length: map.rows * map.cols}, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += values[i * channels + channel]!;
    return sum;
  });
}

function gridOf(map: StoredMap, divisor: number): Grid {
  const values = valuesOf(map);
  if (divisor !== 1) for (let i = 0; i < values.length; i++) values[i]! /= divisor;
  return {rows: map.rows, cols: map.cols, values};
}

/** Value of full colour of one side alone; `null` while it is on its way. */
function divisorOf(side: ChosenSide, own: number, map: StoredMap): number | null {
  if (!divided.value) return 1;
  const extent = scaleMode.value === 'map' ? NO_EXTENT : extentOf(side, own);
  return extent && (topOf(scaleMode.value, map, extent) || 1);
}

/** Reads both maps of a sample; subscribes the caller. */
export function pairOf(match: Match | null): PairAt {
  const [a, b] = [sideA.value, sideB.value];
  if (!a || !b || !match || match.b === null) return NONE;
  const [ofA, ofB] = [readSide(a, match.a), readSide(b, match.b)];
  if (ofA.status === 'loading' || ofB.status === 'loading') return LOADING;
  if (ofA.status !== 'ready' || ofB.status !== 'ready') return NONE;
  const [byA, byB] = [divisorOf(a, match.a, ofA.map), divisorOf(b, match.b, ofB.map)];
  if (byA === null || byB === null) return LOADING;
  const grids = aligned(gridOf(ofA.map, byA), gridOf(ofB.map, byB));
  return {status: 'ready', a: ofA, b: ofB, grids, divisors: [byA, byB]};
}

/** The difference of a pair as a map. */
export function differenceMap({grids: [a, b]}: Pair, of: DifferenceKind): StoredMap {
  return computedMap(difference(a.values, b.values, of), a.rows, a.cols, of !== 'absolute');
}

/** Both maps of the chosen sample. */
export const chosenPair = computed<PairAt>(() => pairOf(chosenMatch.value));

/** Their difference; `null` while there is none. */
export const chosenDifference = computed<StoredMap | null>(() =>
  chosenPair.value.status === 'ready' ? differenceMap(chosenPair.value, kind.value) : null,
);

/** Value of full colour of a difference; `null` while the scale of the sides is on its way. */
export function differenceTop(map: StoredMap, match: Match, of: DifferenceKind): number | null {
  if (of === 'ranks' || divided.value) return 1;
  if (scaleMode.value === 'map') return map.scale;
  const extent = sideA.value && colourExtent(sideA.value, match);
  return extent && topOf(scaleMode.value, map, extent);
}

/** How differences are coloured. */
export function differenceStyle(of: DifferenceKind, solid: boolean): Style {
  const style = styleOf(of !== 'absolute', solid);
  return of === 'ranks' ? {...style, log: false} : style;
}

/** How alike two maps are. */
export interface PairFigures {
  /** 1 less the rank correlation: 0 the same order of the cells, 1 none, 2 the opposite one. */
  drift: number | null;
  overlap: number | null;
  norm: number | null;
}

export function figuresOf({grids: [a, b]}: Pair): PairFigures {
  const rank = rankCorrelation(a.values, b.values);
  return {
    drift: rank === null ? null : 1 - rank,
    overlap: overlap(a.values, b.values),
    norm: normOfDifference(a.values, b.values),
  };
}
