import {decodeValues, type StoredMap} from '../records/maps';
import {mapAt} from './maps';
import {pointer} from './pointer';
import {mapTag} from './selection';
import {step} from './time';

/** The middle of the strongest cell of a map, as shares of its width and height. */
export function strongestPlace(map: StoredMap): {x: number; y: number} {
  let [best, most] = [0, -1];
  decodeValues(map).forEach((value, i) => {
    if (Math.abs(value) > most) [best, most] = [i, Math.abs(value)];
  });
  const at = Math.floor(best / map.channels);
  return {x: ((at % map.cols) + 0.5) / map.cols, y: (Math.floor(at / map.cols) + 0.5) / map.rows};
}

/** Shows the value at the strongest place of the cell that has the focus, in all cells of its sample; once more hides it. */
export function readFocused(): void {
  const cell = document.activeElement?.closest<HTMLElement>('.cell[data-map][data-sample]');
  const {run, tag, map, sample, at} = cell?.dataset ?? {};
  const found = run !== undefined && tag !== undefined ? mapTag(run, tag) : null;
  if (!found || pointer.peek()) {
    pointer.value = null;
    return;
  }
  const now = mapAt(found.run, found.tag, at === undefined ? step.peek() : Number(at), Number(map));
  if (now.status === 'ready') pointer.value = {sample: Number(sample), ...strongestPlace(now.map)};
}
