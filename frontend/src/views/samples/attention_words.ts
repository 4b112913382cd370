// What maps of attention are called.
import type {MapTag} from '../../api';
import {textFact} from '../../records/facts';
import {axesOf, headOf, queryOf, type Place} from '../../store/attention';

export const CLASS_TOKEN = -1;

export const headName = (head: Place): string => (head === null ? 'mean head' : `head ${head}`);

/** A query in a list of them: a patch is counted row by row, from 0. */
export function queryName(query: Place): string {
  if (query === null) return 'mean query';
  return query === CLASS_TOKEN ? 'class token' : `patch ${query}`;
}

/** Row and column of a patch in the grid of tokens, from 0; `null` for the class token and the mean. */
export function patchOf(tag: MapTag, query: Place | undefined): {row: number; col: number} | null {
  const [rows, cols] = tag.facts.native;
  if (query === null || query === undefined || query < 0 || query >= rows * cols) return null;
  return {row: Math.floor(query / cols), col: query % cols};
}

function headWords(tag: MapTag, head: Place): string {
  if (head !== null) return `of head ${head}`;
  return axesOf(tag).heads.length > 1 ? 'of all heads, averaged,' : '';
}

function queryWords(tag: MapTag): string {
  const query = queryOf(tag);
  if (query === undefined) return '';
  if (query === null) return 'averaged over all queries';
  const patch = patchOf(tag, query);
  if (query === CLASS_TOKEN) return 'from the class token';
  return patch ? `from patch ${query} (row ${patch.row}, column ${patch.col})` : `from token ${query}`;
}

/** What a column of attention shows: `Attention of head 3 in block1/attention from the class token`. */
export function attentionWords(tag: MapTag, head: Place = headOf(tag)): string {
  const {title, layer} = tag.facts;
  const place = layer === null ? '' : `in ${layer}`;
  return [title, headWords(tag, head), place, queryWords(tag)].filter(Boolean).join(' ');
}

/** What tells the shown map of a cell from the others of its sample: `head 3, class token`. */
export function choiceWords(tag: MapTag, head: Place = headOf(tag)): string {
  const {heads, queries} = axesOf(tag);
  const words = [heads.length > 1 ? headName(head) : '', queries.length > 1 ? queryName(queryOf(tag) ?? null) : ''];
  return words.filter(Boolean).join(', ');
}

/** Layer of a tag; attention without one goes through several. */
export function layerName({kind, facts}: MapTag): string {
  return facts.layer ?? (kind === 'attention' ? 'several layers' : 'input');
}

/** A tag of attention among others: its layer, or what goes through all of them. */
export const layerChoice = ({facts}: MapTag): string => facts.layer ?? facts.title;

/** The last part of a layer that says which one it is: `block1` of `encoder/block1/attention`. */
export function layerShort({facts}: MapTag): string {
  const parts = facts.layer?.split('/') ?? [];
  return parts.findLast((part) => /\d/.test(part)) ?? parts.at(-1) ?? 'all layers';
}

/** Unit of the values of a tag, or an empty string. */
export function unitOf(tag: MapTag): string {
  return textFact(tag.facts, 'unit') ?? (tag.kind === 'attention' ? 'share of attention' : '');
}
