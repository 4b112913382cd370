// Legends of exported pictures: what is painted, and nothing else.
import {isPicture} from '../records/facts';
import {gradient} from '../render/lut';
import {END_WORDS} from '../render/scale';
import {columnExtent, sharedExtent} from '../store/scales';
import {scaleMode, type ScaleMode} from '../store/view';
import {styleOf} from '../ui/Cell';
import {figure} from '../ui/format';
import {unitOf} from '../views/samples/attention_words';
import type {Piece} from './collect';

export interface LegendRow {
  title: string;
  /** What the colours span. */
  words: string;
  /** Colours from the low to the high end. */
  colours: string[];
  ends: string[];
  clipped: boolean;
  signed: boolean;
}

const SPANS: Readonly<Record<ScaleMode, string>> = {
  shared: 'each map over all records', column: 'all samples and records', map: 'each map by itself', log: 'each map over all records, log',
};

/** Colours of a CSS gradient. */
export const coloursOf = (css: string): string[] => css.match(/rgb\([^)]*\)/g) ?? [];

/** The end of a scale, or the range of ends where maps have scales of their own. */
export function endText(tops: readonly number[]): string {
  const [low, high] = [figure(Math.min(...tops)), figure(Math.max(...tops))];
  return low === high ? low : `${low}–${high}`;
}

/** Texts below the ramp. */
export function endsOf(tops: readonly number[], signed: boolean, mode: ScaleMode): string[] {
  const text = endText(tops);
  const high = `${END_WORDS[mode]} ${text}`;
  if (!signed) return ['0', high];
  return text.includes('–') ? ['', `${END_WORDS[mode]} ±${text}`] : [`\u2212${text}`, '0', `${END_WORDS[mode]} +${text}`];
}

function isClipped({map}: Piece): boolean {
  if (!map || scaleMode.peek() === 'map') return false;
  const own = scaleMode.peek() === 'column' ? columnExtent(map.run, map.tag) : sharedExtent(map.run, map.tag, map.index);
  return (own?.maximum ?? 0) > map.top * 1.0001;
}

function rowOf(pieces: readonly Piece[], named: boolean): LegendRow {
  const {tag, run} = pieces[0]!.map!;
  const {signed} = tag.facts;
  const style = styleOf(signed, pieces[0]!.cell.classList.contains('solid'));
  const unit = unitOf(tag);
  const title = [tag.facts.title, tag.facts.layer, unit && `in ${unit}`, named && run.run].filter(Boolean).join(', ');
  const tops = pieces.map(({map}) => map!.top).filter((top) => top > 0);
  return {
    title, words: SPANS[scaleMode.peek()], colours: coloursOf(gradient(style)), signed, clipped: pieces.some(isClipped),
    ends: tops.length ? endsOf(tops, signed, scaleMode.peek()) : ['0'],
  };
}

/** The legend that stands beside a cell in the page, for what is computed there. */
function rowBeside({cell}: Piece): LegendRow | null {
  const legend = cell.closest('figure')?.querySelector<HTMLElement>('.legend');
  if (!legend) return null;
  const ends = [...legend.querySelectorAll('.ends > span')].map((end) => end.textContent);
  const title = (cell.getAttribute('aria-label') ?? '').split(':')[0]!;
  const clipped = legend.classList.contains('clip');
  return {title, words: '', colours: coloursOf(legend.style.getPropertyValue('--map')), ends, clipped, signed: legend.classList.contains('both')};
}

/** One row for each scale in sight. */
export function legendsOf(pieces: readonly Piece[]): LegendRow[] {
  const groups = new Map<string, Piece[]>();
  const beside: LegendRow[] = [];
  for (const piece of pieces) {
    if (piece.map && !isPicture(piece.map.tag.facts)) {
      const key = [piece.map.run.run, piece.map.tag.tag, piece.cell.classList.contains('solid')].join('\n');
      groups.set(key, [...(groups.get(key) ?? []), piece]);
    } else if (!piece.map && piece.canvas) {
      const row = rowBeside(piece);
      if (row) beside.push(row);
    }
  }
  const runs = new Set(pieces.flatMap(({map}) => map?.run.run ?? []));
  return [...[...groups.values()].map((group) => rowOf(group, runs.size > 1)), ...beside];
}
