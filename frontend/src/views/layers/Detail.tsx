import {useEffect} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import {mapsOfSample} from '../../store/maps';
import {cellSize} from '../../store/view';
import {Channels} from './Channels';
import {DetailHead} from './DetailHead';
import {Filters} from './Filters';
import type {LayerNode} from './ladder';
import {pane, shownSample, tagOf} from './model';
import {NoMaps} from './NoMaps';
import {jointExtent} from './scale';
import {followSettled} from './settled';
import {StatisticsNow} from './StatisticsNow';
import {useComputedOf} from './use_computed';
import {Weights} from './Weights';

/** Size of cells at which a grid is as dense as the design draws it, in CSS pixels. */
const USUAL_SIZE = 112;

const PARTS = {channels: Channels, filters: Filters, features: Filters, weights: Weights} as const;

/** Everything that was recorded about the chosen layer. */
export function Detail({run, node}: {run: RunData; node: LayerNode}) {
  useEffect(followSettled, []);
  const open = pane.value;
  const tag = open ? tagOf(open, node.path) : undefined;
  const extent = useComputedOf(() => (tag ? jointExtent(run, tag, mapsShown(tag)) : null), [run, tag]);
  const Pane = open && PARTS[open];
  return (
    <div class="detail" style={{'--grow': cellSize.value / USUAL_SIZE}}>
      <DetailHead run={run} node={node} tag={tag} extent={extent} />
      <StatisticsNow node={node} />
      {Pane && tag ? <Pane run={run} tag={tag} node={node} extent={extent} key={tag.tag} /> : <NoMaps node={node} />}
    </div>
  );
}

// Channels are compared on one sample; filters and weights have none.
function mapsShown(tag: MapTag): readonly number[] {
  if (tag.kind === 'activation') return mapsOfSample(tag, shownSample.value);
  return tag.columns.channel.map((_, map) => map);
}
