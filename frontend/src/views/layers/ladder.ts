// The ladder of a model: its layers in the order of execution, blocks foldable.

/** The columns of a structure record that the ladder is built from, one entry per layer. */
export interface StructureColumns {
  path: readonly string[];
  type: readonly string[];
  shape: readonly (readonly (number | null)[])[];
  parameters: readonly number[];
  trainable: readonly boolean[];
  container: readonly boolean[];
  activation: readonly (string | null)[];
  calls: readonly number[];
}

/** One layer, with its place in the tree of blocks. */
export interface LayerNode {
  path: string;
  /** What is left of the path below its block; unique among the block's own children. */
  name: string;
  type: string;
  shape: readonly (number | null)[];
  parameters: number;
  trainable: boolean;
  container: boolean;
  activation: string | null;
  calls: number;
  depth: number;
  parent: LayerNode | null;
  children: LayerNode[];
}

/** Builds the tree; a layer belongs to the innermost layer whose path its own path continues. */
export function buildLadder(columns: StructureColumns): LayerNode[] {
  const nodes = columns.path.map((_, index) => readNode(columns, index));
  const byPath = new Map(nodes.map((node) => [node.path, node]));
  const roots: LayerNode[] = [];
  for (const node of nodes) {
    node.parent = findBlock(byPath, node.path);
    node.name = node.parent ? node.path.slice(node.parent.path.length + 1) : node.path;
    (node.parent ? node.parent.children : roots).push(node);
  }
  setDepths(roots, 0);
  return roots;
}

/** Type of the row that stands for the picture itself. */
export const INPUT = 'Input';

/** Puts a row for the input on top where the structure lists none. */
export function withInput(roots: readonly LayerNode[], size: readonly (number | null)[]): LayerNode[] {
  if (roots.some(isInput)) return [...roots];
  const input = {...NO_LAYER, path: '(input)', name: 'input', type: INPUT, shape: size, children: []};
  return [input, ...roots];
}

/** Whether a row stands for the picture itself. */
export const isInput = (node: LayerNode): boolean => node.type === INPUT || node.type === 'InputLayer';

const NO_LAYER: LayerNode = {
  path: '', name: '', type: '', shape: [], parameters: 0, trainable: false, container: false,
  activation: null, calls: 1, depth: 0, parent: null, children: [],
};

/** Returns every node that is not hidden in a folded block, top to bottom. */
export function visibleNodes(
  roots: readonly LayerNode[],
  isFolded: (node: LayerNode) => boolean,
): LayerNode[] {
  const rows: LayerNode[] = [];
  const visit = (node: LayerNode): void => {
    rows.push(node);
    if (!isFolded(node)) node.children.forEach(visit);
  };
  roots.forEach(visit);
  return rows;
}

/** Returns every node of the tree, top to bottom. */
export function allNodes(roots: readonly LayerNode[]): LayerNode[] {
  return visibleNodes(roots, () => false);
}

/** Returns the leaves below a block, or the layer itself. */
export function leaves(node: LayerNode): LayerNode[] {
  return node.children.length ? node.children.flatMap(leaves) : [node];
}

/** A model that fits a screen starts unfolded; a larger one starts with its blocks folded. */
export function startsFolded(node: LayerNode, layers: number): boolean {
  return node.children.length > 0 && layers > 40;
}

/** Says what a block holds: `3 layers`, or `2 blocks · 7 layers` where blocks are nested. */
export function describeChildren(node: LayerNode): string {
  const blocks = node.children.filter((child) => child.children.length > 0).length;
  const layers = node.children.length - blocks;
  const parts = [count(blocks, 'block'), count(layers, 'layer')].filter((part) => part !== '');
  return parts.join(' · ');
}

/** Number of channels of the output: its last axis; `null` without a known size. */
export function channelsOf(shape: readonly (number | null)[]): number | null {
  return shape.length ? (shape[shape.length - 1] ?? null) : null;
}

/** Output as the ladder prints it: `48 ch` for places, `128` for a vector. */
export function shortShape(shape: readonly (number | null)[]): string {
  const channels = channelsOf(shape);
  if (channels === null) return '';
  return shape.length > 1 ? `${channels} ch` : String(channels);
}

/** Output in full: `32 × 32 × 48`. */
export function fullShape(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? '?').join(' × ');
}

function readNode(columns: StructureColumns, index: number): LayerNode {
  return {
    path: columns.path[index] ?? '',
    name: '',
    type: columns.type[index] ?? '',
    shape: columns.shape[index] ?? [],
    parameters: columns.parameters[index] ?? 0,
    trainable: columns.trainable[index] ?? false,
    container: columns.container[index] ?? false,
    activation: columns.activation[index] ?? null,
    calls: columns.calls[index] ?? 1,
    depth: 0,
    parent: null,
    children: [],
  };
}

// Layer names may hold slashes themselves, so every prefix is tried, the longest first.
function findBlock(blocks: ReadonlyMap<string, LayerNode>, path: string): LayerNode | null {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const block = blocks.get(path.slice(0, end));
    if (block) return block;
  }
  return null;
}

function setDepths(nodes: readonly LayerNode[], depth: number): void {
  for (const node of nodes) {
    node.depth = depth;
    setDepths(node.children, depth + 1);
  }
}

function count(items: number, noun: string): string {
  if (items === 0) return '';
  return `${items} ${noun}${items === 1 ? '' : 's'}`;
}
