import {useComputed, useSignal} from '@preact/signals';
import type {ComponentType} from 'preact';
import {useRef} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import type {Extent} from '../../render/scale';
import {isPicture} from '../../records/facts';
import {point, unpoint} from '../../store/pointer';
import {MapCell} from '../../ui/Cell';
import {cellFor} from './grid_keys';
import type {Place} from './order';

interface MapGridProps {
  run: RunData;
  tag: MapTag;
  places: readonly Place[];
  /** Channel that is chosen. */
  chosen: number | null;
  onChoose(channel: number): void;
  /** What a channel is called: channel or filter. */
  noun: string;
  label: string;
  extent: () => Extent | null;
  /** Sample whose cursor the cells share; `null` gives every map a cursor of its own. */
  sample: number | null;
  /** Whether every stored value is one square. */
  sharp?: boolean;
  /** Whether a map is shown as dead; read again whenever the signals that it reads change. */
  isDead?: (place: Place) => boolean;
  /** What stands below a map; it draws itself anew while time runs, the grid does not. */
  Caption: ComponentType<Place>;
}

/** Up to so many maps are drawn larger. */
const FEW = 16;

/** Maps of a layer side by side: arrows move, Enter chooses. */
export function MapGrid(props: MapGridProps) {
  const {places, chosen, onChoose, label} = props;
  const grid = useRef<HTMLDivElement>(null);
  const focused = useSignal<number | null>(null);
  const wanted = focused.value ?? chosen;
  const stop = Math.max(0, places.findIndex((place) => place.channel === wanted));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!places.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') onChoose(places[stop]!.channel);
    else {
      const next = cellFor(event.key, stop, places.length, columnsOf(grid.current!));
      if (next === null) return;
      focused.value = places[next]!.channel;
      grid.current!.querySelectorAll<HTMLElement>('.cell')[next]?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="grid" aria-label={label} onKeyDown={onKeyDown}>
      <div role="row" class={isPicture(props.tag.facts) ? 'acts pictures' : places.length <= FEW ? 'acts few' : 'acts'} ref={grid}>
        {places.map((place, index) => (
          <GridCell
            {...props} place={place} on={place.channel === chosen} tabIndex={index === stop ? 0 : -1}
            onFocus={() => (focused.value = place.channel)} key={place.channel}
          />
        ))}
      </div>
    </div>
  );
}

interface GridCellProps extends MapGridProps {
  place: Place;
  on: boolean;
  tabIndex: number;
  onFocus(): void;
}

function GridCell(props: GridCellProps) {
  const {run, tag, place, on, onChoose, noun, extent, sample, sharp = false, tabIndex, onFocus, Caption} = props;
  const dead = useComputed(() => props.isDead?.(place) ?? false).value;
  const owner = sample ?? -1 - place.map;
  const name = `${noun} ${place.channel}`;
  return (
    <div
      role="gridcell" aria-selected={on} class={on ? 'act on' : 'act'}
      onClick={() => onChoose(place.channel)}
      onPointerLeave={unpoint}
    >
      <div class="act-map" onPointerMove={(event) => point(owner, event, event.currentTarget)}>
        {dead
          ? <div class="cell dead" role="img" aria-label={`${name}: dead`} tabIndex={tabIndex} onFocus={onFocus} />
          : <MapCell {...{run, tag, extent, name, sharp, tabIndex, onFocus}} map={place.map} sample={owner} solid />}
        {on && <i class="ring" />}
      </div>
      <div class="act-cap"><Caption {...place} /></div>
    </div>
  );
}

const columnsOf = (grid: HTMLElement): number =>
  getComputedStyle(grid).gridTemplateColumns.split(' ').length;
