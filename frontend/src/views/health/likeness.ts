// How alike layers are to each other at a record.
import type {StatisticsFacts} from '../../api';
import {lastNotAbove} from '../../store/steps';
import type {Table} from '../../store/tables';

/** The CKA of layers with each other. */
export interface LikenessNow {
  layers: readonly string[];
  /** Row by row; NaN where it is not defined. */
  values: ArrayLike<number>;
  samples: number;
}

/** The likeness of layers at the last record at or before a step that has it; `null` without one. */
export function likenessAt(known: Table<StatisticsFacts>, step: number): LikenessNow | null {
  const layers = known.facts.compared ?? [];
  const array = known.arrays['cka_layers'];
  const size = layers.length ** 2;
  if (!array || array.shape[1] !== layers.length) return null;
  for (let record = lastNotAbove(known.steps, step); record >= 0; record -= 1) {
    const values = array.values.subarray(record * size, (record + 1) * size);
    if (values.some((value) => !Number.isNaN(value))) return {layers, values, samples: known.facts.samples ?? 0};
  }
  return null;
}

export interface Pair {
  row: number;
  col: number;
}

const MOVES: Readonly<Record<string, Pair>> = {
  ArrowUp: {row: -1, col: 0}, ArrowDown: {row: 1, col: 0}, ArrowLeft: {row: 0, col: -1}, ArrowRight: {row: 0, col: 1},
};

/** The pair that a key goes to; `null` if it means nothing here. */
export function movedPair(from: Pair, key: string, size: number): Pair | null {
  const move = MOVES[key];
  const inside = (at: number) => Math.min(size - 1, Math.max(0, at));
  return move ? {row: inside(from.row + move.row), col: inside(from.col + move.col)} : null;
}

/** The pair at a place of the square, each from 0 to 1. */
export function pairAt(x: number, y: number, size: number): Pair {
  const at = (place: number) => Math.min(size - 1, Math.max(0, Math.floor(place * size)));
  return {row: at(y), col: at(x)};
}
