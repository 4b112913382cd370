// Which of the maps of a sample is shown, where there are several: the head and the query of attention.
import type {MapTag} from '../api';
import {linked, names, optional, text} from './link';
import {mapsOfSample} from './maps';

/** A head or a query; `null` is the mean over all of them. */
export type Place = number | null;

/** Chosen heads as `3@tag`; a tag that is not among them shows its first. */
const chosenHeads = linked<string[]>('heads', [], names);
/** Where attention comes from, in all layers: number of the token, or `mean`; `null` is the first. */
const chosenQuery = linked<string | null>('query', null, optional(text));

/** The tag of attention that is shown alone, or `all` of them; `null` is the usual choice. */
const chosenTag = linked<string | null>('attention', null, optional(text));

const MEAN = 'mean';
export const ALL = 'all';
/** Layers of attention that stand side by side without being asked for. */
const MOST_LAYERS = 3;
const isOf = (entry: string, {tag}: MapTag): boolean => entry.slice(entry.indexOf('@') + 1) === tag;
const written = (place: Place): string => (place === null ? MEAN : String(place));

/** A head and a query that are shown instead of those chosen for all views. */
export interface Choice {
  head?: Place;
  query?: Place;
}

/** A place as text of a link; empty where there is no choice. */
export const placeText = (place: Place | undefined): string => (place === undefined ? '' : written(place));

/** Reads one place of a choice from the text of a link. */
export function readPlace(name: keyof Choice, text = ''): Choice {
  if (text === MEAN) return {[name]: null};
  return /^-?\d+$/.test(text) ? {[name]: Number(text)} : {};
}

/** The heads and queries that a tag has, in the order of the record. */
export interface Axes {
  heads: readonly Place[];
  queries: readonly Place[];
}

const known = new WeakMap<MapTag, Axes>();

export function axesOf(tag: MapTag): Axes {
  let axes = known.get(tag);
  if (!axes) {
    const {channel, query} = tag.columns;
    axes = {heads: [...new Set(channel)], queries: query ? [...new Set(query)] : []};
    known.set(tag, axes);
  }
  return axes;
}

const wantedHead = (tag: MapTag): string | undefined =>
  chosenHeads.value.find((entry) => isOf(entry, tag))?.split('@', 1)[0];

/** The head of a tag that is shown; subscribes the caller. */
export function headOf(tag: MapTag): Place {
  const {heads} = axesOf(tag);
  const wanted = wantedHead(tag);
  return heads.find((head) => written(head) === wanted) ?? heads[0] ?? null;
}

/** Whether all heads of a tag stand side by side; subscribes the caller. */
export const showsAllHeads = (tag: MapTag): boolean => axesOf(tag).heads.length > 1 && wantedHead(tag) === ALL;

/**
 * The tags of attention that are shown; subscribes the caller.
 *
 * Of many layers that is the last one, beside those that go through all layers.
 */
export function attentionShown(tags: readonly MapTag[]): readonly MapTag[] {
  if (chosenTag.value === ALL) return tags;
  const chosen = tags.find(({tag}) => tag === chosenTag.value);
  if (chosen) return [chosen];
  const layered = tags.filter(({facts}) => facts.layer !== null);
  return layered.length > MOST_LAYERS ? tags.filter((tag) => tag.facts.layer === null || tag === layered.at(-1)) : tags;
}

/** Shows one tag of attention alone, or `all` of them. */
export function chooseAttention(tag: string): void {
  chosenTag.value = tag;
}

/** The query of a tag that is shown, `undefined` where none is recorded; subscribes the caller. */
export function queryOf(tag: MapTag): Place | undefined {
  const {queries} = axesOf(tag);
  const found = queries.findIndex((query) => written(query) === chosenQuery.value);
  return queries[Math.max(0, found)];
}

/** Shows one head of a tag, or `all` of them side by side. */
export function chooseHead(tag: MapTag, head: Place | typeof ALL): void {
  const others = chosenHeads.peek().filter((entry) => !isOf(entry, tag));
  const isFirst = head === axesOf(tag).heads[0];
  chosenHeads.value = isFirst ? others : [...others, `${head === ALL ? ALL : written(head)}@${tag.tag}`];
}

export function chooseQuery(query: Place): void {
  chosenQuery.value = written(query);
}

/** The head of a map. */
export const headAt = (tag: MapTag, map: number): Place => tag.columns.channel[map] ?? null;

/** The head of a map as a choice, where it is not the one that its tag shows alone anyway. */
export function headMeant(tag: MapTag, map: number): Choice {
  if (axesOf(tag).heads.length < 2 || (headAt(tag, map) === headOf(tag) && !showsAllHeads(tag))) return {};
  return {head: headAt(tag, map)};
}

/** The map of a sample that is shown: that of the chosen head and query, or its only one; -1 without any. */
export function shownMap(tag: MapTag, sample: number, choice: Choice = {}): number {
  const maps = mapsOfSample(tag, sample);
  if (maps.length < 2) return maps[0] ?? -1;
  const {head = headOf(tag), query = queryOf(tag)} = choice;
  const {channel, query: queries} = tag.columns;
  return maps.find((map) => channel[map] === head && queries?.[map] === query) ?? maps[0]!;
}
