// Painting outside the component tree: nothing renders again while the step moves.
import {computed, effect, type ReadonlySignal} from '@preact/signals';
import type {RefObject} from 'preact';
import {useLayoutEffect, useMemo} from 'preact/hooks';
import {clear, paint} from '../../render/paint';
import {setPending} from '../../render/ready';
import {lutOf} from '../../render/lut';
import {topOf} from '../../render/scale';
import {resting} from '../../store/rest';
import {cells, scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {colourExtent, differenceMap, differenceStyle, differenceTop, pairOf, type PairAt} from './pair';
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

/** Paints the difference of a pair; says whether it is done. */
export function paintDifference(canvas: HTMLCanvasElement, pair: PairAt, match: Match, solid: boolean, small = false): boolean {
  if (pair.status !== 'ready') return leave(canvas, pair.status === 'loading');
  const map = differenceMap(pair, kind.value);
  const top = differenceTop(map, match, kind.value);
  if (top === null) return false;
  const lut = lutOf(differenceStyle(kind.value, solid));
  paint(canvas, map, lut, {top, cells: cells.value || (small && map.rows >= FINE)});
  canvas.dataset.painted = `${pair.a.step},${pair.b.step}`;
  return !((pair.a.coarse || pair.b.coarse) && resting.value);
}

/** Paints the three thumbnails of a row. */
export function usePaintRow(row: RefObject<HTMLElement | null>, a: ChosenSide, b: ChosenSide, match: Match, solid: boolean): void {
  const canvas = (name: string) => row.current!.querySelector<HTMLCanvasElement>(`.${name} canvas`)!;
  usePaint(() => paintSide(canvas('ta'), a, match, solid), [a, b, match, solid]);
  usePaint(() => paintSide(canvas('tb'), b, match, solid), [a, b, match, solid]);
  usePaint(() => paintDifference(canvas('td'), pairOf(match), match, solid, true), [a, b, match, solid]);
}
