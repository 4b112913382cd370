// Filters of a layer that are almost the same.
import type {MapTag, RunData} from '../../api';
import {measures, type Measures} from '../../store/measures';
import type {Place} from './order';

/** Cosine from which two filters count as near-duplicates. */
export const ALIKE = 0.95;
const NAMES = ['alike', 'twin'] as const;

/** A filter, the other one that is most like it, and the cosine between both. */
export interface Twin {
  channel: number;
  twin: number;
  alike: number;
}

/** How alike the filters of a tag are to others; `null` while that is on its way. Subscribes the caller. */
export function likenesses(run: RunData, tag: MapTag): Measures | null {
  const loaded = measures(run, tag, NAMES);
  return loaded.status === 'ready' ? loaded.value : null;
}

/** The filter that a filter is most like at a step; `null` where none was recorded. */
export function twinOf(known: Pick<Measures, 'at'>, channel: number, map: number, step: number): Twin | null {
  const [alike, twin] = NAMES.map((name) => known.at(name, step, map));
  return alike === null || alike === undefined || twin === null || twin === undefined ? null : {channel, twin, alike};
}

/** Pairs of near-duplicates at a step, the most alike first; each pair once. */
export function nearDuplicates(known: Pick<Measures, 'at'>, channels: readonly (number | null)[], step: number): Twin[] {
  const all = channels.flatMap((channel, map) => twinOf(known, channel ?? map, map, step) ?? []);
  const pairs = new Map<string, Twin>();
  for (const one of all.filter(({alike}) => alike >= ALIKE)) {
    const [low, high] = [Math.min(one.channel, one.twin), Math.max(one.channel, one.twin)];
    pairs.set(`${low} ${high}`, {channel: low, twin: high, alike: one.alike});
  }
  return [...pairs.values()].sort((a, b) => b.alike - a.alike || a.channel - b.channel);
}

/** Filters that are a near-duplicate of another one. */
export const alikeFilters = (pairs: readonly Twin[]): number => new Set(pairs.flatMap(({channel, twin}) => [channel, twin])).size;

/** Filters by how alike they are to another one, each followed by that one where it is shown. */
export function sideBySide(places: readonly Place[], known: Pick<Measures, 'at'>, step: number): Place[] {
  const byChannel = new Map(places.map((place) => [place.channel, place]));
  const twins = places.map((place) => ({place, found: twinOf(known, place.channel, place.map, step)}));
  twins.sort((a, b) => (b.found?.alike ?? -2) - (a.found?.alike ?? -2) || a.place.channel - b.place.channel);
  const ordered = new Set<Place>();
  for (const {place, found} of twins) {
    const other = found && found.alike >= ALIKE ? byChannel.get(found.twin) : undefined;
    ordered.add(place);
    if (other) ordered.add(other);
  }
  return [...ordered];
}
