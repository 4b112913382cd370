import {useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import {MapCell} from '../../ui/Cell';
import {ChannelTime} from './ChannelTime';
import type {LayerNode} from './ladder';
import {jointExtent} from './scale';
import {shownChannel, wantedChannel, wantedPane} from './state';
import {useComputedOf} from './use_computed';

const NAMES = {filters: 'filter', features: 'feature'} as const;

interface FilterOfChannelProps {
  run: RunData;
  tag: MapTag;
  node: LayerNode;
  /** The part of the detail that shows all maps of the tag. */
  part: keyof typeof NAMES;
}

interface FilterTimeProps {
  run: RunData;
  /** Maps of filters. */
  tag: MapTag;
  channel: number;
}

/** The filter that makes a channel, at a few records up to now; nothing where it was not recorded. */
export function FilterTime({run, tag, channel}: FilterTimeProps) {
  const extent = useComputedOf(() => jointExtent(run, tag, tag.columns.channel.map((_, map) => map)), [run, tag]);
  const read = useMemo(() => () => extent.value, [extent]);
  const map = tag.columns.channel.indexOf(channel);
  return map < 0 ? null : <ChannelTime run={run} tag={tag} map={map} extent={read} name={`Filter ${channel}`} sharp />;
}

/** The filter that makes the chosen channel, or the picture that excites it, where it was recorded; it opens all of them. */
export function FilterOfChannel({run, tag, node, part}: FilterOfChannelProps) {
  const maps = tag.columns.channel.map((_, map) => map);
  const extent = useComputedOf(() => jointExtent(run, tag, maps), [run, tag]);
  const channel = shownChannel.value;
  const map = tag.columns.channel.indexOf(channel);
  if (channel === null || map < 0) return null;
  const open = () => {
    wantedChannel.value = channel;
    wantedPane.value = part;
  };
  return (
    <div class="of-channel">
      <MapCell
        run={run} tag={tag} map={map} solid sharp={part === 'filters'} extent={() => extent.value} tabIndex={-1}
        name={`${part === 'filters' ? 'Filter' : 'Feature'} ${channel} of ${node.name}`}
      />
      <button type="button" class="go cap" onClick={open}>{NAMES[part]} of channel {channel}</button>
    </div>
  );
}
