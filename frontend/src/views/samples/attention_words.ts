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

/** Unit of the values of a tag, or an empty string. */
export function unitOf(tag: MapTag): string {
  return textFact(tag.facts, 'unit') ?? (tag.kind === 'attention' ? 'share of attention' : '');
}
