import {Snippet} from '../../ui/Empty';
import {isInput, type LayerNode} from './ladder';
import {hasAny, nodes, panesOf} from './model';
import {canHave, remedy} from './remedy';
import {chooseLayer, PANES, type Pane} from './state';
import {InputPicture} from './Thumbnail';

const KINDS: Readonly<Record<Pane, string>> = {
  channels: 'activations', filters: 'filters', features: 'pictures of features', weights: 'weights',
};

/** What the detail says about a layer without maps: what would record them, and where there are some. */
export function NoMaps({node}: {node: LayerNode}) {
  const pane = PANES.find((one) => canHave(node, one));
  return (
    <section class="no-maps" aria-label="Nothing recorded">
      {isInput(node) && <div class="large-input"><InputPicture /></div>}
      {pane ? <Missing node={node} pane={pane} /> : <p>{nothingToShow(node)}</p>}
      <Recorded />
    </section>
  );
}

function Missing({node, pane}: {node: LayerNode; pane: Pane}) {
  const own = hasAny(pane);
  const code = remedy(own ? node : null, pane);
  return (
    <>
      <div>
        <h3 class="b">{own ? `No ${KINDS[pane]} of this layer` : `No ${KINDS[pane]} in this run`}</h3>
        <p>
          {own ? 'Some layers are chosen, evenly spaced over the model. This one comes from ' : 'They come from '}
          <code class="mono">{code}</code>. Add it to <code class="mono">explainers=</code>.
        </p>
      </div>
      <Snippet code={code} />
    </>
  );
}

function Recorded() {
  const recorded = nodes.value.filter((one) => panesOf(one.path).length > 0).slice(0, 12);
  if (!recorded.length) return null;
  return (
    <p>
      Recorded layers:{' '}
      {recorded.map((one, index) => (
        <span key={one.path}>
          {index > 0 && ', '}
          <button type="button" class="go" onClick={() => chooseLayer(one.path)}>{one.path}</button>
        </span>
      ))}
    </p>
  );
}

function nothingToShow(node: LayerNode): string {
  if (node.children.length) return 'A block: its layers have what was recorded.';
  return isInput(node) ? 'The picture as it was recorded.' : 'This layer has no places and no weights to show.';
}
