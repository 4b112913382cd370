import {expect, test} from 'vitest';
import {buildLadder, type LayerNode} from '../src/views/layers/ladder';
import {canHave, remedy} from '../src/views/layers/remedy';
import {deadSince, layerWords} from '../src/views/layers/words';
import type {MapTag} from '../src/api';

function layer(type: string, shape: number[], parameters: number, path = 'layer'): LayerNode {
  const [node] = buildLadder({
    path: [path], type: [type], shape: [shape], parameters: [parameters], trainable: [true],
    container: [false], activation: ['relu'], calls: [1],
  });
  return node!;
}

test('a convolution can have channels and filters, a dense layer weights, a dropout nothing', () => {
  const kinds = ['channels', 'filters', 'weights'] as const;
  const has = (node: LayerNode) => kinds.filter((kind) => canHave(node, kind));
  expect(has(layer('Conv2D', [8, 8, 4], 100))).toEqual(['channels', 'filters']);
  expect(has(layer('MaxPooling2D', [8, 8, 4], 0))).toEqual(['channels']);
  expect(has(layer('BatchNormalization', [8, 8, 4], 16))).toEqual(['channels']);
  expect(has(layer('Dense', [10], 100))).toEqual(['weights']);
  expect(has(layer('Dropout', [10], 0))).toEqual([]);
  expect(has(layer('InputLayer', [8, 8, 3], 0))).toEqual([]);
});

test('the remedy is Python whatever the layer is called', () => {
  expect(remedy(layer('Conv2D', [8, 8, 4], 1, 'a"b\\c/d'), 'channels')).toBe(
    'tbx.Activations(layer="a\\"b\\\\c/d")',
  );
  expect(remedy(null, 'filters')).toBe('tbx.Filters()');
});

function tag(shape: [number, number, number], native: [number, number]): MapTag {
  return {facts: {shape, native}} as MapTag;
}

test('says type, function, output and how maps are stored', () => {
  const node = layer('Conv2D', [32, 32, 48], 1);
  expect(layerWords(node, tag([16, 16, 1], [16, 16]), tag([3, 3, 1], [3, 3]))).toBe(
    'Conv2D 3 × 3 · relu · 48 channels of 32 × 32 · stored as 16 × 16',
  );
  expect(layerWords(layer('Dense', [10], 1), undefined, undefined)).toBe('Dense · relu · 10 units');
  expect(layerWords(layer('ReLU', [8, 8, 4], 0), tag([8, 8, 1], [8, 8]), undefined)).toBe('ReLU · 4 channels of 8 × 8');
});

test('finds since when at least as many channels are dead as now', () => {
  expect(deadSince([0, 1, 4, 4, 4], 4)).toBe(2);
  expect(deadSince([3, 3], 1)).toBe(0);
  expect(deadSince([0, 22, 23, 21], 3)).toBe(1);
  expect(deadSince([0, 1, 0], 2)).toBeNull();
  expect(deadSince([NaN, NaN], 1)).toBeNull();
  expect(deadSince([], -1)).toBeNull();
});
