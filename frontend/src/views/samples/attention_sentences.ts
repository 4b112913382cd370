// What maps of attention show, in sentences, and short names of their layers.
import type {MapTag} from '../../api';
import {axesOf, headOf, queryOf, type Place} from '../../store/attention';
import {CLASS_TOKEN, patchOf} from './attention_words';

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

/** A tag of attention among others: its layer, or what goes through all of them. */
export const layerChoice = ({facts}: MapTag): string => facts.layer ?? facts.title;

/** The last part of a layer that says which one it is: `block1` of `encoder/block1/attention`. */
export function layerShort({facts}: MapTag): string {
  const parts = facts.layer?.split('/') ?? [];
  return parts.findLast((part) => /\d/.test(part)) ?? parts.at(-1) ?? 'all layers';
}
