import type {MapTag, RunData} from '../../api';
import {MapCell} from '../../ui/Cell';
import type {LayerNode} from './ladder';
import {jointExtent} from './scale';
import {shownChannel, wantedChannel, wantedPane} from './state';
import {useComputedOf} from './use_computed';

/** The filter that makes the chosen channel, where both were recorded; it opens the filters. */
export function FilterOfChannel({run, tag, node}: {run: RunData; tag: MapTag; node: LayerNode}) {
  const maps = tag.columns.channel.map((_, map) => map);
  const extent = useComputedOf(() => jointExtent(run, tag, maps), [run, tag]);
  const channel = shownChannel.value;
  const map = tag.columns.channel.indexOf(channel);
  if (channel === null || map < 0) return null;
  const open = () => {
    wantedChannel.value = channel;
    wantedPane.value = 'filters';
  };
  return (
    <div class="of-channel">
      <MapCell
        run={run} tag={tag} map={map} solid sharp extent={() => extent.value} tabIndex={-1}
        name={`Filter ${channel} of ${node.name}`}
      />
      <button type="button" class="go cap" onClick={open}>filter of channel {channel}</button>
    </div>
  );
}
