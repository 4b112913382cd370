import {beforeEach, expect, test} from 'vitest';
import type {MapTag} from '../src/api';
import {axesOf, chooseHead, chooseQuery, headOf, queryOf, shownMap} from '../src/store/attention';
import {applyLink, linkState} from '../src/store/link';
import {groupsOf, rangesText} from '../src/store/plan';
import {attentionWords} from '../src/views/samples/attention_sentences';
import {choiceWords, headName, layerName, patchOf, queryName, unitOf} from '../src/views/samples/attention_words';

const CLASS = -1;

/** A tag of attention as it is listed: samples, then heads, then queries. */
function tagOf(samples: number, heads: (number | null)[], queries: (number | null)[], layer = 'block1/attention'): MapTag {
  const maps = Array.from({length: samples}, (_, sample) =>
    heads.flatMap((head) => queries.map((query) => ({sample, head, query}))),
  ).flat();
  const columns = {
    sample: maps.map(({sample}) => sample),
    channel: maps.map(({head}) => head),
    target: maps.map(() => null),
    ...(queries.length > 1 && {query: maps.map(({query}) => query)}),
  };
  const facts = {title: 'Attention', layer, facts: {}, native: [2, 3], shape: [2, 3, 1]};
  return {tag: `Attention/${layer}`, kind: 'attention', ranges: [], columns, facts} as unknown as MapTag;
}

beforeEach(() => applyLink({}));

test('the heads and queries of a tag are those of its maps', () => {
  expect(axesOf(tagOf(2, [null, 0, 1], [CLASS, 4]))).toEqual({heads: [null, 0, 1], queries: [CLASS, 4]});
  expect(axesOf(tagOf(2, [null], [null]))).toEqual({heads: [null], queries: []});
});

test('the shown map of a sample is that of the chosen head and query', () => {
  const tag = tagOf(3, [null, 0, 1], [CLASS, 4]);
  expect([0, 1, 2].map((sample) => shownMap(tag, sample))).toEqual([0, 6, 12]);
  chooseHead(tag, 1);
  expect(shownMap(tag, 1)).toBe(6 + 4);
  chooseQuery(4);
  expect(shownMap(tag, 1)).toBe(6 + 5);
  expect(shownMap(tag, 9)).toBe(-1);
});

test('a head is chosen for one layer, a query for all', () => {
  const [first, second] = [tagOf(1, [null, 0, 1], [CLASS, 4], 'a'), tagOf(1, [null, 0, 1], [CLASS, 4], 'b')];
  chooseHead(first, 0);
  chooseQuery(4);
  expect([headOf(first), headOf(second)]).toEqual([0, null]);
  expect([queryOf(first), queryOf(second)]).toEqual([4, 4]);
});

test('a layer without the chosen head or query shows its first', () => {
  const tag = tagOf(1, [null, 0], [CLASS, 4]);
  chooseHead(tagOf(1, [null, 7], [CLASS, 9]), 7);
  chooseQuery(9);
  expect([headOf(tag), queryOf(tag)]).toEqual([null, CLASS]);
});

test('a choice survives the deep link, and the first head is left out of it', () => {
  const tag = tagOf(1, [null, 0, 1], [null, CLASS], 'a@b');
  expect(linkState()).toEqual({});
  chooseHead(tag, 1);
  chooseQuery(CLASS);
  const link = linkState();
  applyLink({});
  expect([headOf(tag), queryOf(tag)]).toEqual([null, null]);
  applyLink(link);
  expect([headOf(tag), queryOf(tag)]).toEqual([1, CLASS]);
  chooseHead(tag, null);
  expect(Object.keys(linkState())).toEqual(['query']);
});

test('the legend says whose attention from where', () => {
  const tag = tagOf(1, [null, 0, 3], [CLASS, 4, null]);
  expect(attentionWords(tag)).toBe('Attention of all heads, averaged, in block1/attention from the class token');
  chooseHead(tag, 3);
  expect(attentionWords(tag)).toBe('Attention of head 3 in block1/attention from the class token');
  chooseQuery(4);
  expect(attentionWords(tag)).toBe('Attention of head 3 in block1/attention from patch 4 (row 1, column 1)');
  chooseQuery(null);
  expect(attentionWords(tag)).toBe('Attention of head 3 in block1/attention averaged over all queries');
});

test('one map per sample has no choice to tell', () => {
  const tag = tagOf(2, [null], [null]);
  expect(choiceWords(tag)).toBe('');
  expect(attentionWords(tag)).toBe('Attention in block1/attention');
  expect(unitOf(tag)).toBe('share of attention');
});

test('attention that follows all layers has none of its own', () => {
  const {facts, ...tag} = tagOf(1, [null], [null]);
  expect(layerName({...tag, facts} as MapTag)).toBe('block1/attention');
  expect(layerName({...tag, facts: {...facts, layer: null}} as MapTag)).toBe('several layers');
});

test('heads and queries have names', () => {
  expect([null, 2].map(headName)).toEqual(['mean head', 'head 2']);
  expect([null, CLASS, 4].map(queryName)).toEqual(['mean query', 'class token', 'patch 4']);
  const tag = tagOf(1, [null], [null]);
  expect([5, 6, CLASS, null].map((query) => patchOf(tag, query))).toEqual([{row: 1, col: 2}, null, null, null]);
});

test('the same head of all samples is loaded together', () => {
  const {groups, places} = groupsOf(tagOf(16, [null, 0, 1], [null]));
  expect(groups.map((maps) => maps.slice(0, 3))).toEqual([[0, 3, 6], [1, 4, 7], [2, 5, 8]]);
  expect(places[4]).toEqual({group: 1, at: 1});
  expect(groups.flat().toSorted((a, b) => a - b)).toEqual(Array.from({length: 48}, (_, map) => map));
});

test('maps of other kinds are loaded as they are recorded', () => {
  const {groups} = groupsOf({...tagOf(10, [0, 1], [null]), kind: 'activation'});
  expect(groups).toEqual([Array.from({length: 16}, (_, map) => map), [16, 17, 18, 19]]);
});

test('the server takes ranges', () => {
  expect(rangesText([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8');
  expect(rangesText([])).toBe('');
});
