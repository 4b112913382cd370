import {expect, test} from 'vitest';
import {
  allNodes, buildLadder, describeChildren, fullShape, isInput, leaves, shortShape, startsFolded,
  visibleNodes, withInput, type StructureColumns,
} from '../src/views/layers/ladder';

type Row = readonly [path: string, container?: boolean];

function columns(rows: readonly Row[]): StructureColumns {
  return {
    path: rows.map(([path]) => path),
    type: rows.map(([, container]) => (container ? 'Functional' : 'Conv2D')),
    shape: rows.map(() => [8, 8, 16]),
    parameters: rows.map((_, index) => 10 * index),
    trainable: rows.map((_, index) => index % 2 === 0),
    container: rows.map(([, container]) => container ?? false),
    activation: rows.map(() => null),
    calls: rows.map(() => 1),
  };
}

const NESTED = columns([
  ['input'], ['base', true], ['base/stem', true], ['base/stem/conv'], ['base/pool'], ['head'],
]);

test('keeps the order of execution and puts layers below their innermost block', () => {
  const nodes = allNodes(buildLadder(NESTED));
  expect(nodes.map((node) => [node.name, node.depth])).toEqual([
    ['input', 0], ['base', 0], ['stem', 1], ['conv', 2], ['pool', 1], ['head', 0],
  ]);
  expect(nodes[3]!.parent!.path).toBe('base/stem');
});

test('hides the layers of a folded block and keeps those after it', () => {
  const rows = visibleNodes(buildLadder(NESTED), (node) => node.path === 'base');
  expect(rows.map((node) => node.path)).toEqual(['input', 'base', 'head']);
});

test('keeps the fold of an inner block while the outer one is open', () => {
  const rows = visibleNodes(buildLadder(NESTED), (node) => node.path === 'base/stem');
  expect(rows.map((node) => node.path)).toEqual(['input', 'base', 'base/stem', 'base/pool', 'head']);
});

test('does not take a layer for a block because its name starts alike', () => {
  const nodes = allNodes(buildLadder(columns([['block', true], ['block_2/conv'], ['block/conv']])));
  expect(nodes.map((node) => [node.path, node.parent?.path ?? null])).toEqual([
    ['block', null], ['block/conv', 'block'], ['block_2/conv', null],
  ]);
});

test('keeps slashes that belong to the name of a layer', () => {
  const nodes = buildLadder(columns([['block1/conv'], ['base', true], ['base/a/b/conv']]));
  expect(nodes.map((node) => node.name)).toEqual(['block1/conv', 'base']);
  expect(nodes[1]!.children.map((node) => node.name)).toEqual(['a/b/conv']);
});

test('survives empty names, a leading slash and markup', () => {
  const names = ['', '/', '/conv', '<b>x</b>', 'é ü'];
  const nodes = buildLadder(columns(names.map((name) => [name] as const)));
  expect(nodes.map((node) => node.path)).toEqual(names);
});

test('finds a block that is listed after its layers', () => {
  const nodes = buildLadder(columns([['base/conv'], ['base', true]]));
  expect(nodes.map((node) => node.path)).toEqual(['base']);
  expect(nodes[0]!.children.map((node) => node.name)).toEqual(['conv']);
});

test('puts layers below the layer that holds them, container or not', () => {
  const [lstm] = buildLadder(columns([['lstm'], ['lstm/cell']]));
  expect(lstm!.children.map((node) => node.name)).toEqual(['cell']);
});

test('starts with folded blocks in large models only', () => {
  const [base] = buildLadder(columns([['base', true], ['base/conv']]));
  expect(startsFolded(base!, 10)).toBe(false);
  expect(startsFolded(base!, 300)).toBe(true);
  expect(startsFolded(base!.children[0]!, 300)).toBe(false);
});

test('counts blocks and layers of a block', () => {
  const base = buildLadder(NESTED)[1]!;
  expect(describeChildren(base)).toBe('1 block · 1 layer');
  expect(leaves(base).map((leaf) => leaf.name)).toEqual(['conv', 'pool']);
});

test('prints output shapes', () => {
  expect(shortShape([32, 32, 48])).toBe('48 ch');
  expect(shortShape([128])).toBe('128');
  expect(shortShape([])).toBe('');
  expect(fullShape([null, 32, 48])).toBe('? × 32 × 48');
});

test('builds a model of 2 000 layers in nested blocks', () => {
  const rows: Row[] = [['m', true]];
  for (let block = 0; block < 100; block += 1) {
    rows.push([`m/b${block}`, true]);
    for (let layer = 0; layer < 19; layer += 1) rows.push([`m/b${block}/conv${layer}`]);
  }
  expect(allNodes(buildLadder(columns(rows)))).toHaveLength(rows.length);
});

test('a row for the input stands on top where the structure lists none', () => {
  const roots = buildLadder(columns([['conv']]));
  expect(withInput(roots, [64, 64, null]).map((node) => [node.name, isInput(node)])).toEqual([
    ['input', true], ['conv', false],
  ]);
  const listed = buildLadder({...columns([['x'], ['conv']]), type: ['InputLayer', 'Conv2D']});
  expect(withInput(listed, [64, 64, null])).toEqual(listed);
});
