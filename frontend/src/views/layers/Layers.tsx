import chartStyle from '../../charts/charts.css?inline';
import {shown} from '../../store/runs';
import {Nothing, Snippet} from '../../ui/Empty';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import {Detail} from './Detail';
import {Ladder} from './Ladder';
import style from './layers.css?inline';
import {chosen, hasAny} from './model';
import {PANES} from './state';
import {EndTools, Tools} from './Tools';

addStyle(chartStyle);
addStyle(style);

/** The model as a ladder, and what the chosen layer does. */
export default function Layers() {
  const run = shown.value;
  const node = chosen.value;
  if (!run || !node) return <NoLayers />;
  return (
    <ViewFrame title="Layers" tools={<Tools />} ends={<EndTools />}>
      <div class="lay">
        <Ladder />
        <Detail run={run} node={node} key={`${run.run}\n${node.path}`} />
      </div>
    </ViewFrame>
  );
}

const CODE = 'explainers=[tbx.GradCAM(), tbx.Activations(), tbx.Filters(), tbx.Weights()]';

function NoLayers() {
  const recorded = PANES.some(hasAny);
  return (
    <ViewFrame title="Layers" tools={<span class="b">Layers</span>}>
      <Nothing title={recorded ? 'The layers of this model were not recorded' : 'No layers in this run'}>
        <p class="lead">They come from <code class="mono">tbx.Activations()</code>, <code class="mono">tbx.Filters()</code> and <code class="mono">tbx.Weights()</code>. Add them to <code class="mono">explainers=</code>.</p>
        <Snippet code={CODE} />
      </Nothing>
    </ViewFrame>
  );
}
