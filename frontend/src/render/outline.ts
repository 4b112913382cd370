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

/**
 * Outline of the strongest places of a map as SVG path data; empty where nothing stands out.
 *
 * @param top Value of full colour.
 */
export function outlineOf(map: StoredMap, contour: Contour, top: number, cells: boolean): string {
  if (map.channels !== 1 || !(map.scale > 0)) return '';
  const field = strengths(map, cells ? 1 : factorFor(map.rows, map.cols));
  const level = contour.by === 'share' ? levelOfTop(field, contour.level) : (contour.level * top) / map.unit;
  if (level === null) return '';
  const draw = cells ? cellsPath : contourPath;
  return draw(field, Math.max(LEAST, level));
}
