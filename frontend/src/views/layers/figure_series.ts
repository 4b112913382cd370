// Figures of the maps of a tag, as api/figures sends them, taken apart by map.
import type {Figures} from '../../api';
import type {Series} from '../../charts/series';
import {lastNotAbove} from '../../store/steps';

/** Returns one figure of one map over the steps of its tag; `null` where it is undefined. */
export function figureSeries(figures: Figures, name: string, map: number): Series {
  const rows = figures.figures[name] ?? [];
  return {name, steps: figures.steps, values: figures.steps.map((_, index) => rows[index]?.[map] ?? null)};
}

/** Returns a figure of every map at a step, or at the last record before it. */
export function figuresAt(figures: Figures, name: string, step: number, maps: number): (number | null)[] {
  const row = figures.figures[name]?.[lastNotAbove(figures.steps, step)];
  return Array.from({length: maps}, (_, map) => row?.[map] ?? null);
}

/** Largest known value of a figure over all maps and steps: the top of curves that are compared. */
export function figureTop(figures: Figures, name: string): number {
  let top = 0;
  for (const row of figures.figures[name] ?? []) {
    for (const value of row ?? []) top = Math.max(top, value ?? 0);
  }
  return top;
}
