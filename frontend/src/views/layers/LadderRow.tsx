import {useComputed} from '@preact/signals';
import {HeatStrip} from '../../charts/HeatStrip';
import {lutOf} from '../../render/lut';
import {lastNotAbove} from '../../store/steps';
import {goTo, stepName, stepText, steps} from '../../store/time';
import {figure} from '../../ui/format';
import {Icon} from '../../ui/icons';
import {describeChildren, fullShape, isInput, shortShape, type LayerNode} from './ladder';
import {chosen, isFolded, statistic, statistics, statisticsIndex, stripScale, strips, toggleFold} from './model';
import {formatParameters} from './quantity';
import {chooseLayer} from './state';
import {deadChannels, STATISTICS} from './statistics';
import {stripStyle} from './StripLegend';
import {Thumbnail} from './Thumbnail';

interface LadderRowProps {
  node: LayerNode;
  index: number;
  top: number;
}

/** One layer: thumbnail, name and type, output, parameters, dead channels, strip. */
export function LadderRow({node, index, top}: LadderRowProps) {
  const on = useComputed(() => chosen.value?.path === node.path).value;
  const folded = node.children.length > 0 && isFolded(node);
  return (
    <div
      class={on ? 'lad on' : 'lad'} style={`top:${top}px;--depth:${node.depth}`} role="row"
      aria-rowindex={index + 2} aria-level={node.depth + 1} aria-selected={on} tabIndex={on ? 0 : -1}
      aria-expanded={node.children.length ? !folded : undefined}
      onClick={() => chooseLayer(node.path)}
    >
      <span role="gridcell">{node.children.length > 0 && <FoldButton node={node} folded={folded} />}</span>
      <span role="gridcell" class="lad-thumb"><Thumbnail node={node} /></span>
      <Name node={node} />
      <span role="gridcell" class="cap opt clip1" title={fullShape(node.shape)}>{shortShape(node.shape)}</span>
      <span role="gridcell" class="cap opt num">{node.parameters > 0 ? formatParameters(node.parameters) : ''}</span>
      <Dead node={node} />
      <Strip node={node} />
    </div>
  );
}

function FoldButton({node, folded}: {node: LayerNode; folded: boolean}) {
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    toggleFold(node);
  };
  return (
    <button class="fold" tabIndex={-1} aria-label={`${folded ? 'Unfold' : 'Fold'} ${node.name}`} onClick={toggle}>
      <Icon name={folded ? 'right' : 'down'} />
    </button>
  );
}

function Name({node}: {node: LayerNode}) {
  const frozen = node.parameters > 0 && !node.trainable;
  const words = node.container && node.children.length ? describeChildren(node) : isInput(node) ? sizeWords(node) : node.type;
  return (
    <span role="rowheader" class="lad-name">
      <span class="clip1" title={node.path}>{node.name || '(no name)'}</span>
      <span class="cap clip1" title={frozen ? `${node.type}, frozen: training does not change it` : node.type}>
        {words}
        {frozen && <span class="frozen"><Icon name="lock" small /><span class="sr">frozen</span></span>}
      </span>
    </span>
  );
}

/** Rows and columns of the picture. */
const sizeWords = ({shape, type}: LayerNode): string => (shape.length < 2 ? type : shape.slice(0, 2).map((size) => size ?? '?').join(' × '));

function Dead({node}: {node: LayerNode}) {
  const dead = useComputed(() => {
    const known = statistics.value;
    return known && statisticsIndex.value >= 0 ? deadChannels(known, node, statisticsIndex.value) : null;
  }).value;
  if (dead === null) return <span role="gridcell" />;
  const words = `${dead} ${dead === 1 ? 'channel is' : 'channels are'} 0 on every sample`;
  return (
    <span role="gridcell" class={dead > 0 ? 'num dead-count' : 'num'} title={words}>
      {dead > 0 && <Icon name="warning" small />}{dead}
    </span>
  );
}

function Strip({node}: {node: LayerNode}) {
  const values = strips.value.get(node.path);
  const facts = STATISTICS[statistic.value];
  if (!values?.some((value) => !Number.isNaN(value))) {
    return <span role="gridcell" class="cap">{missing(node, facts.missing)}</span>;
  }
  const at = statistics.value?.steps ?? [];
  const describe = (index: number): string =>
    `${stepName.value} ${stepText(at[index] ?? 0)}: ${Number.isNaN(values[index]) ? 'no value' : figure(values[index]!)}`;
  return (
    <span role="gridcell">
      <HeatStrip
        values={values} scale={stripScale.value} now={statisticsIndex} describe={describe}
        lut={lutOf(stripStyle(statistic.value))}
        label={`${facts.title} of ${node.name}: ${describe(values.length - 1)} at the end`}
        onPick={(index) => goTo(lastNotAbove(steps.peek(), at[index] ?? 0))}
      />
    </span>
  );
}

// A layer with weights that were not recorded must not read as a layer without weights.
function missing(node: LayerNode, word: string): string {
  if (statistics.value === null || isInput(node)) return '';
  return word === 'no weights' && node.parameters > 0 ? 'not recorded' : word;
}
