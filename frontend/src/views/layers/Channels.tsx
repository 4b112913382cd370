import type {ReadonlySignal} from '@preact/signals';
import {useEffect, useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import type {Extent} from '../../render/scale';
import {sampleName} from '../../store/predictions';
import {step, stepName, stepText} from '../../store/time';
import {grouped} from '../../ui/format';
import {changeOf, measure, placesOf} from './channel_entries';
import {ChannelChart} from './ChannelChart';
import {ChannelTime} from './ChannelTime';
import {Excite} from './Excite';
import {FilterTime} from './FilterOfChannel';
import {channelsOf, type LayerNode} from './ladder';
import {MapGrid} from './MapGrid';
import {shownSample, tagOf} from './model';
import {byChannel, byValue, type Place} from './order';
import {PaneHead} from './PaneHead';
import {formatStrength} from './quantity';
import {settledStep} from './settled';
import {order, shownChannel, shownCount, wantedChannel} from './state';
import {useComputedOf} from './use_computed';

interface ChannelsProps {
  run: RunData;
  tag: MapTag;
  node: LayerNode;
  extent: ReadonlySignal<Extent | null>;
}

/** The recorded channels of a layer on one sample, and the chosen one over time. */
export function Channels({run, tag, node, extent}: ChannelsProps) {
  const places = useOrder(run, tag);
  const shownPlaces = shownCount.value ? places.slice(0, shownCount.value) : places;
  const chosen = chosenPlace(shownPlaces);
  useEffect(() => void (shownChannel.value = chosen?.channel ?? null), [chosen?.channel]);
  const readExtent = useMemo(() => () => extent.value, [extent]);
  const parts = useMemo(() => partsOf(run, tag), [run, tag]);
  const filters = tagOf('filters', node.path);
  const name = chosen && `Channel ${chosen.channel}`;
  return (
    <section aria-label="Channels">
      <PaneHead
        node={node} words={() => orderWords(run)}
        count={countWords(shownPlaces.length, places.length, channelsOf(node.shape))}
      />
      <MapGrid
        run={run} tag={tag} places={shownPlaces} chosen={chosen?.channel ?? null}
        sample={shownSample.value} noun="Channel" label={`Channels of ${node.name}`} extent={readExtent}
        onChoose={(channel) => (wantedChannel.value = channel)} {...parts}
      />
      {chosen && name && (
        <div class="under">
          <ChannelTime run={run} tag={tag} map={chosen.map} extent={readExtent} name={name} />
          <Excite run={run} tag={tag} channel={chosen.channel} />
          {filters && <FilterTime run={run} tag={filters} channel={chosen.channel} />}
        </div>
      )}
      {chosen && <ChannelChart run={run} tag={tag} channel={chosen.channel} sample={shownSample.value} map={chosen.map} />}
    </section>
  );
}

/** Channels in the order of the last step that stood still, so that none jumps while time runs. */
function useOrder(run: RunData, tag: MapTag): Place[] {
  return useComputedOf(() => {
    const places = placesOf(tag, shownSample.value);
    if (order.value === 'channel') return byChannel(places);
    const at = settledStep.value;
    const all = places.map((place) => measure(run, tag, place, at));
    return byValue(order.value === 'change' ? all.map((entry) => ({...entry, value: changeOf(run, tag, entry, at)})) : all);
  }, [run, tag]).value;
}

function partsOf(run: RunData, tag: MapTag) {
  const now = (place: Place) => measure(run, tag, place, step.value);
  const Caption = (place: Place) => {
    const {value: strength, dead} = now(place);
    const value = order.value === 'change' ? changeOf(run, tag, place, step.value) : strength;
    return (
      <div class="act-line">
        <span>{place.channel}</span>
        <span class="cap">{dead ? 'dead' : value === null ? '' : formatStrength(value)}</span>
      </div>
    );
  };
  return {isDead: (place: Place) => now(place).dead, Caption};
}

/** The chosen channel; the first one where none is chosen or it is not shown. */
export function chosenPlace(places: readonly Place[]): Place | undefined {
  return places.find((place) => place.channel === wantedChannel.value) ?? places[0];
}

function orderWords(run: RunData): string {
  const word = order.value === 'channel' ? 'By number' : order.value === 'change' ? 'Most changed first' : 'Strongest first';
  const below = order.value === 'change' ? 'mean |change| since the record before below each' : 'mean |value| below each';
  const when = `${stepName.value.toLowerCase()} ${stepText(step.value)}`;
  return `${word}, on ${sampleName(run, shownSample.value)} at ${when}; ${below}`;
}

function countWords(now: number, recorded: number, all: number | null): string {
  const words = now < recorded ? `${now} of ${recorded} recorded` : String(recorded);
  return all !== null && all > recorded ? `${words} of ${grouped(all)} channels` : `${words} channels`;
}
