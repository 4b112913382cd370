// The ends of the scale of a column.
import type {RunData} from '../../api';
import {topOf} from '../../render/scale';
import {shownMap} from '../../store/attention';
import {mapAt} from '../../store/maps';
import {scaleExtent} from '../../store/scales';
import {step} from '../../store/time';
import {scaleMode} from '../../store/view';
import {figure} from '../../ui/format';
import type {Column} from './state';

/** The ends of the scales of some samples as one text, and whether values lie beyond. */
export interface Ends {
  text: string;
  clipped: boolean;
  /** The lowest and the highest end. */
  tops: readonly [number, number];
}

/** Value of full colour of a sample's map: the end of its scale, and whether values lie beyond. */
function endOf(run: RunData, {tag, head}: Column, sample: number): {top: number; clipped: boolean} | null {
  const map = shownMap(tag, sample, head === undefined ? {} : {head});
  const extent = scaleExtent(run, tag, map);
  const mode = scaleMode.value;
  if (mode !== 'map') {
    const top = extent && topOf(mode, {scale: 0}, extent);
    return top && extent ? {top, clipped: extent.maximum > top} : null;
  }
  const now = mapAt(run, tag, step.value, map);
  return now.status === 'ready' && now.map.scale ? {top: now.map.scale, clipped: false} : null;
}

/** Returns `.71`, or `.41–1.2` where the ends differ. */
export function endsOf(run: RunData, column: Column, samples: readonly number[]): Ends | null {
  const all = samples.flatMap((sample) => endOf(run, column, sample) ?? []);
  if (!all.length) return null;
  const tops = all.map(({top}) => top);
  const ends = [Math.min(...tops), Math.max(...tops)] as const;
  const [low, high] = [figure(ends[0]), figure(ends[1])];
  return {tops: ends, text: low === high ? low : `${low}–${high}`, clipped: all.some(({clipped}) => clipped)};
}
