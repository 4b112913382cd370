// Curves of both sides on one axis.
import type {RunData} from '../../api';
import {lastNotAbove} from '../../store/steps';
import {positions, type AxisMode} from '../../store/time';

/** Values of one side, by step. */
export interface Curve {
  steps: readonly number[];
  values: readonly (number | null)[];
}

/** Values over places of the axis, ascending. */
export interface Placed {
  places: readonly number[];
  values: readonly (number | null)[];
}

/** Place of a step of a run on the axis; a run that cannot be drawn on it keeps its steps. */
export const placeOf = (run: RunData, step: number, mode: AxisMode): number =>
  positions(run, mode)?.[lastNotAbove(run.steps, step)] ?? step;

/** Puts a curve on the axis. */
export const placed = (run: RunData, {steps, values}: Curve, mode: AxisMode): Placed =>
  ({places: steps.map((step) => placeOf(run, step, mode)), values});

/** Both curves over the places of either; where only the other has a value it is left open. */
export function merged(curves: readonly Placed[]): {places: number[]; lines: (number | null | undefined)[][]} {
  const places = [...new Set(curves.flatMap((curve) => curve.places))].sort((a, b) => a - b);
  const index = new Map(places.map((place, i) => [place, i]));
  const lines = curves.map((curve) => {
    const line: (number | null | undefined)[] = places.map(() => undefined);
    curve.places.forEach((place, i) => (line[index.get(place)!] = curve.values[i] ?? null));
    return line;
  });
  return {places, lines};
}
