import type {ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import type {Extent} from '../../render/scale';
import {point, unpoint} from '../../store/pointer';
import {figures} from '../../store/tables';
import {MapCell} from '../../ui/Cell';
import {ChannelTime} from './ChannelTime';
import {FigureCharts} from './FigureCharts';
import type {LayerNode} from './ladder';
import {PaneHead} from './PaneHead';

interface WeightsProps {
  run: RunData;
  tag: MapTag;
  node: LayerNode;
  extent: ReadonlySignal<Extent | null>;
}

/** No sample has this number: the cursor of a matrix is its own. */
const OWN_CURSOR = -1;

/** The kernel of a layer as a matrix, with the value under the cursor. */
export function Weights({run, tag, node, extent}: WeightsProps) {
  const state = figures(run, tag);
  const [rows, cols] = tag.facts.shape;
  const readExtent = useMemo(() => () => extent.value, [extent]);
  const {inputs, units, note} = tag.facts.facts;
  const size = `width:${side(cols, 240, 400)}px;height:${side(rows, 120, 400)}px`;
  return (
    <section aria-label="Weights">
      <PaneHead node={node} words={() => 'Inputs down, units across'} count={`${String(inputs ?? rows)} × ${String(units ?? cols)}`} />
      <div class="matrix-row">
        <div class="matrix-of" style={size} onPointerMove={(event) => point(OWN_CURSOR, event, event.currentTarget)} onPointerLeave={unpoint}>
          <MapCell run={run} tag={tag} map={0} solid sharp extent={readExtent} sample={OWN_CURSOR} name={`Weights of ${node.name}`} />
        </div>
        {state.status === 'ready' && <FigureCharts known={state.value} map={0} name={`the weights of ${node.name}`} />}
      </div>
      {typeof note === 'string' && <p class="cap">{note}</p>}
      <div class="under">
        <ChannelTime run={run} tag={tag} map={0} extent={readExtent} name="Weights" sharp />
      </div>
    </section>
  );
}

// 16 px per weight where there is room; a matrix has no shape to keep, unlike a picture.
const side = (weights: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, 16 * weights));
