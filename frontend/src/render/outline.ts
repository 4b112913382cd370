import type {StoredMap} from '../records/maps';
import type {Contour} from '../store/view';
import {cellsPath, contourPath, levelOfTop, type Field} from './contour';
import {factorFor, upsample} from './upsample';

let scratch = new Float32Array(0);

/** |value| of a map in its integer steps, interpolated as it is painted; valid until the next call. */
export function strengths(map: StoredMap, factor: number): Field {
  const {rows, cols, channels, zero} = map;
  const [width, height] = [cols * factor, rows * factor];
  if (scratch.length < width * height) scratch = new Float32Array(width * height);
  const values = scratch.subarray(0, width * height);
  upsample(map.values, {rows, cols, channels, channel: 0, factor}, values);
  for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]! - zero);
  return {values, width, height};
}

/** A value that is stored as 0 has no strength, however many places hold it. */
const LEAST = 0.5;

/** The level of an outline in integer steps of a map; `null` where nothing stands out. */
function levelIn(field: Field, map: StoredMap, contour: Contour, top: number): number | null {
  const level = contour.by === 'share' ? levelOfTop(field, contour.level) : (contour.level * top) / map.unit;
  return level === null ? null : Math.max(LEAST, level);
}

const hasOutline = ({channels, scale}: StoredMap): boolean => channels === 1 && scale > 0;

const fieldOf = (map: StoredMap, cells: boolean): Field => strengths(map, cells ? 1 : factorFor(map.rows, map.cols));

/** The |value| along which an outline runs; `null` where there is none. */
export function outlineValue(map: StoredMap, contour: Contour, top: number, cells: boolean): number | null {
  const level = hasOutline(map) ? levelIn(fieldOf(map, cells), map, contour, top) : null;
  return level === null ? null : level * map.unit;
}

/**
 * Outline of the strongest places of a map as SVG path data; empty where nothing stands out.
 *
 * @param top Value of full colour.
 */
export function outlineOf(map: StoredMap, contour: Contour, top: number, cells: boolean): string {
  if (!hasOutline(map)) return '';
  const field = fieldOf(map, cells);
  const level = levelIn(field, map, contour, top);
  if (level === null) return '';
  return (cells ? cellsPath : contourPath)(field, level);
}
