// Values of the difference that Compare shows; it is computed in the browser, so no server has them.
import {decodeValues, type StoredMap} from '../records/maps';
import {chosenDifference} from '../views/compare/pair';
import {kind} from '../views/compare/state';
import type {Piece} from './collect';

/** The difference among some cells; `null` without one. */
export const differenceIn = (pieces: readonly Piece[]): StoredMap | null =>
  pieces.some(({cell}) => cell.dataset.side === 'difference') ? chosenDifference.peek() : null;

/** What the difference is, as part of a file name. */
export const differenceName = (): string => `difference_${kind.peek()}`;

/** A line per cell: row, column, value. */
export function differenceCsv(map: StoredMap): string {
  const lines = Array.from(decodeValues(map), (value, i) => `${Math.floor(i / map.cols)},${i % map.cols},${value}`);
  return `${['row,col,value', ...lines].join('\r\n')}\r\n`;
}

const ALIGNMENT = 64;

/** An array `(rows, cols)` of float32 as `numpy.load` reads it. */
export function differenceNpy(map: StoredMap): Uint8Array<ArrayBuffer> {
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${map.rows}, ${map.cols}), }`;
  const length = Math.ceil((10 + words.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = words.padEnd(length - 11) + '\n';
  const values = decodeValues(map);
  const file = new Uint8Array(length + 4 * values.length);
  file.set([0x93, ...'NUMPY'].map((part) => (typeof part === 'number' ? part : part.charCodeAt(0))));
  const view = new DataView(file.buffer);
  view.setUint8(6, 1);
  view.setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), 10);
  values.forEach((value, i) => view.setFloat32(length + 4 * i, value, true));
  return file;
}
