// The scale that several maps of a layer share, and what its legend says.
import type {MapTag, RunData} from '../../api';
import type {Style} from '../../render/lut';
import {join, NO_EXTENT, topOf, type Extent} from '../../render/scale';
import {isPicture} from '../../records/facts';
import {costOf, costWords} from '../../store/cost';
import {columnExtent, isEstimated, sharedExtent} from '../../store/scales';
import {scaleMode, type ScaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {figure} from '../../ui/format';

/** Largest p99 and |value| of several maps over all steps; `null` while some are on their way. */
export function jointExtent(run: RunData, tag: MapTag, maps: readonly number[]): Extent | null {
  if (scaleMode.value === 'column') return columnExtent(run, tag);
  let extent = NO_EXTENT;
  let complete = true;
  for (const map of maps) {
    const own = sharedExtent(run, tag, map);
    if (own) extent = join(extent, own);
    else complete = false;
  }
  return complete ? extent : null;
}

/** What a legend below a ramp says. */
export interface LegendWords {
  style: Style;
  ends: string[];
  clipped: boolean;
  title: string;
}

const TITLES: Readonly<Record<ScaleMode, string>> = {
  shared: 'One scale for all records, up to the 99th percentile of the strongest one',
  column: 'One scale for all samples, channels and records, up to the 99th percentile of the strongest one',
  map: 'Each map has its own scale, up to its largest value: strengths cannot be compared',
  log: 'One logarithmic scale for all records, up to the largest value',
};

/** Describes the scale in use for maps that share an extent. */
export function legendOf(run: RunData, tag: MapTag, extent: Extent | null): LegendWords | null {
  if (isPicture(tag.facts)) return null;
  const {signed} = tag.facts;
  const style = isColour(tag) ? COLOUR : styleOf(signed, true);
  const mode = scaleMode.value;
  const estimated = isEstimated(run, tag) ? '; found from evenly spread records until all are read' : '';
  const title = `${TITLES[mode]}${estimated}. ${costWords(costOf(run, tag))}.`;
  if (mode === 'map') return {style, ends: endsOf('largest', signed), clipped: false, title};
  if (!extent) return null;
  const top = topOf(mode, {scale: 0}, extent);
  const clipped = mode !== 'log' && extent.maximum > top;
  const word = mode === 'log' ? 'log ' : clipped ? 'p99 ' : '';
  return {style, ends: signed ? endsOf(figure(top), true) : ['0', word + figure(top)], clipped, title};
}

/** Whether the maps are pictures in red, green and blue. */
export const isColour = (tag: MapTag): boolean => tag.facts.shape[2] === 3;

const COLOUR: Style = {table: 'gray', signed: true, veil: 'solid', threshold: 0, log: false};

function endsOf(top: string, signed: boolean): string[] {
  return signed ? [`−${top}`, '0', `+${top}`] : ['0', top];
}
