// Painting outside the component tree: nothing renders again while the step moves.
import {computed, effect, type ReadonlySignal} from '@preact/signals';
import type {RefObject} from 'preact';
import {useLayoutEffect, useMemo} from 'preact/hooks';
import type {StoredMap} from '../../records/maps';
import {clear, paint} from '../../render/paint';
import {setPending} from '../../render/ready';
import {lutOf} from '../../render/lut';
import {topOf} from '../../render/scale';
import {resting} from '../../store/rest';
import {cells, scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {chosenDifference, chosenPair, colourExtent, differenceMap, differenceStyle, differenceTop, pairOf, type PairAt} from './pair';
import {readSide, type ChosenSide, type Match} from './sides';
import {kind} from './state';

/** Sides of maps above which a thumbnail needs no interpolation. */
const FINE = 32;

/** A computed value that is made anew when its inputs are others. */
export const useComputedOf = <T>(compute: () => T, inputs: readonly unknown[]): ReadonlySignal<T> =>
  useMemo(() => computed(compute), inputs);

/** Runs an effect while a component is there; it says whether all that belongs to the step is painted. */
export function usePaint(work: () => boolean, inputs: readonly unknown[]): void {
  useLayoutEffect(() => {
    const token = {};
    const stop = effect(() => setPending(token, !work()));
    return () => {
      stop();
      setPending(token, false);
    };
  }, inputs);
}

function leave(canvas: HTMLCanvasElement, isLoading: boolean): boolean {
  delete canvas.dataset.painted;
  if (!isLoading) clear(canvas);
  return !isLoading;
}

/** Paints the map of one side small; says whether it is done. */
export function paintSide(canvas: HTMLCanvasElement, side: ChosenSide, match: Match, solid: boolean): boolean {
  const own = side.name === 'a' ? match.a : match.b;
  const now = own === null ? {status: 'none' as const} : readSide(side, own);
  const extent = colourExtent(side, match);
  if (now.status !== 'ready') return leave(canvas, now.status === 'loading');
  if (!extent && scaleMode.value !== 'map') return false;
  const top = topOf(scaleMode.value, now.map, extent ?? {p99: 0, maximum: 0});
  const style = styleOf(now.map.signed, solid);
  paint(canvas, now.map, lutOf(style), {top, cells: cells.value || now.map.rows >= FINE});
  canvas.dataset.painted = String(now.step);
  return !(now.coarse && resting.value);
}

/** Paints a difference; says whether it is done. */
function paintDifference(canvas: HTMLCanvasElement, pair: PairAt, map: StoredMap | null, match: Match, options: {solid: boolean; cells: boolean}): boolean {
  if (pair.status !== 'ready' || !map) return leave(canvas, pair.status === 'loading');
  const top = differenceTop(map, match, kind.value);
  if (top === null) return false;
  paint(canvas, map, lutOf(differenceStyle(kind.value, options.solid)), {top, cells: options.cells});
  canvas.dataset.painted = `${pair.a.step},${pair.b.step}`;
  return !((pair.a.coarse || pair.b.coarse) && resting.value);
}

/** Paints the difference of the chosen sample; says whether it is done. */
export const paintChosen = (canvas: HTMLCanvasElement, match: Match, solid: boolean): boolean =>
  paintDifference(canvas, chosenPair.value, chosenDifference.value, match, {solid, cells: cells.value});

/** Paints the difference of a sample small; says whether it is done. */
function paintSmall(canvas: HTMLCanvasElement, match: Match, solid: boolean): boolean {
  const pair = pairOf(match);
  const map = pair.status === 'ready' ? differenceMap(pair, kind.value) : null;
  return paintDifference(canvas, pair, map, match, {solid, cells: cells.value || (map !== null && map.rows >= FINE)});
}

/** Paints the three thumbnails of a row. */
export function usePaintRow(row: RefObject<HTMLElement | null>, a: ChosenSide, b: ChosenSide, match: Match, solid: boolean): void {
  const canvas = (name: string) => row.current!.querySelector<HTMLCanvasElement>(`.${name} canvas`)!;
  usePaint(() => paintSide(canvas('ta'), a, match, solid), [a, b, match, solid]);
  usePaint(() => paintSide(canvas('tb'), b, match, solid), [a, b, match, solid]);
  usePaint(() => paintSmall(canvas('td'), match, solid), [a, b, match, solid]);
}
