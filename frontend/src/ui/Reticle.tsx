import type {ReadonlySignal} from '@preact/signals';
import {valueAt} from '../records/maps';
import type {MapAt, ReadyMap} from '../store/maps';
import {pointer} from '../store/pointer';
import {figure} from './format';

/** A map whose values are told, as far as there is one. */
type ValuesAt = Exclude<MapAt, ReadyMap> | Pick<ReadyMap, 'status' | 'map'>;

/** The ring at the place under the cursor, in every cell of the sample, with the value there. */
export function Reticle({sample, at}: {sample: number; at: ReadonlySignal<ValuesAt> | null}) {
  const place = pointer.value;
  if (place?.sample !== sample) return null;
  const now = at?.value;
  const position = {'--hx': `${place.x * 100}%`, '--hy': `${place.y * 100}%`};
  const side = place.x > 0.6 ? 'val left' : 'val';
  return (
    <span class="reticle" style={position}>
      <span class="xh" />
      {now?.status === 'ready' && (
        <span class={side} aria-hidden="true">
          {figure(valueAt(now.map, Math.floor(place.y * now.map.rows), Math.floor(place.x * now.map.cols)))}
        </span>
      )}
    </span>
  );
}
