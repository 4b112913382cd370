// The channels of a layer with how strong they are on a sample.
import type {MapTag, RunData} from '../../api';
import {decodeValues} from '../../records/maps';
import {mapAt, mapsOfSample} from '../../store/maps';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {meanDifference, strengthOf, type Entry, type Place} from './order';

/** Maps of a sample with their channels, in the order of the record. */
export function placesOf(tag: MapTag, sample: number): Place[] {
  return mapsOfSample(tag, sample).map((map, place) => ({map, channel: tag.columns.channel[map] ?? place}));
}

/** Adds how strong a channel is at a step, `null` while that is not known; subscribes the caller. */
export function measure(run: RunData, tag: MapTag, place: Place, at: number): Entry {
  const state = mapAt(run, tag, at, place.map);
  if (state.status !== 'ready') return {...place, value: null, dead: false};
  const zero = state.map.scale === 0 && state.notFinite === 0;
  const dead = zero && isZeroEverywhere(run, tag, place.channel, at);
  return {...place, value: strengthOf(state.map), dead};
}

/**
 * How much a channel changed on a sample since the record before: mean |difference|, comparable with
 * its strength; `null` while that is not known. Subscribes the caller.
 */
export function changeOf(run: RunData, tag: MapTag, place: Place, at: number): number | null {
  const steps = tagSteps(run, tag);
  const before = steps[lastNotAbove(steps, at) - 1];
  if (before === undefined) return null;
  const [old, now] = [mapAt(run, tag, before, place.map), mapAt(run, tag, at, place.map)];
  if (old.status !== 'ready' || now.status !== 'ready' || old.map.values.length !== now.map.values.length) return null;
  return meanDifference(decodeValues(old.map), decodeValues(now.map));
}

/** Maps of one channel, one per sample. */
export function mapsOfChannel(tag: MapTag, channel: number): number[] {
  return tag.columns.channel.flatMap((own, map) => (own === channel ? [map] : []));
}

// Read only where a map is zero, since it needs the maps of all samples.
function isZeroEverywhere(run: RunData, tag: MapTag, channel: number, at: number): boolean {
  return mapsOfChannel(tag, channel)
    .map((map) => mapAt(run, tag, at, map))
    .every((state) => state.status === 'ready' && state.map.scale === 0);
}
