// What would record a layer.
import {isInput, type LayerNode} from './ladder';
import type {Pane} from './state';

const EXPLAINERS: Readonly<Record<Pane, string>> = {
  channels: 'Activations', filters: 'Filters', features: 'FeatureVisualization', weights: 'Weights',
};

/** Whether a layer could have maps of a kind, judged by its output and its weights. */
export function canHave(node: LayerNode, pane: Pane): boolean {
  const places = node.shape.length > 1;
  if (node.children.length || isInput(node)) return false;
  if (pane === 'channels') return places;
  // Any layer could have them, but they cost so much that nothing reminds of them.
  if (pane === 'features') return false;
  if (node.parameters === 0 || node.type.includes('Normalization')) return false;
  return pane === 'filters' ? places && node.type.includes('Conv') : !places;
}

/** The Python that records a kind of maps of a layer, or of the layers it chooses itself. */
export function remedy(node: LayerNode | null, pane: Pane): string {
  return `tbx.${EXPLAINERS[pane]}(${node ? `layer=${quoted(node.path)}` : ''})`;
}

// A Python string, whatever the layer is called.
const quoted = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&')}"`;
