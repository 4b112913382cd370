// Choosing on the picture of a sample from where attention looks.
import type {MapTag} from '../../api';
import {pictureBox} from '../../render/proportion';
import {axesOf, chooseQuery, queryOf, type Place} from '../../store/attention';
import {patchOf} from './attention_words';
import type {Column} from './state';

/** A recorded query and the middle of its patch, as shares of the picture. */
interface Spot {
  query: Place;
  x: number;
  y: number;
}

const spots = new WeakMap<MapTag, readonly Spot[]>();

function spotsOf(tag: MapTag): readonly Spot[] {
  let all = spots.get(tag);
  if (!all) {
    const [rows, cols] = tag.facts.native;
    all = axesOf(tag).queries.flatMap((query) => {
      const patch = patchOf(tag, query);
      return patch ? [{query, x: (patch.col + 0.5) / cols, y: (patch.row + 0.5) / rows}] : [];
    });
    spots.set(tag, all);
  }
  return all;
}

/** The tag whose query can be chosen on pictures; `null` where no column has recorded patches to choose from. */
export function pickedTag(columns: readonly Column[]): MapTag | null {
  return columns.find(({tag}) => axesOf(tag).queries.length > 1 && spotsOf(tag).length > 0)?.tag ?? null;
}

/** The recorded query nearest to a place of the picture. */
export function nearestQuery(tag: MapTag, x: number, y: number): Place | undefined {
  const distance = (spot: Spot) => (spot.x - x) ** 2 + (spot.y - y) ** 2;
  return spotsOf(tag).toSorted((a, b) => distance(a) - distance(b))[0]?.query;
}

/** Chooses the recorded query nearest to where a cell was clicked. */
export function pickQuery(tag: MapTag, event: MouseEvent, cell: Element): void {
  const box = pictureBox(cell);
  const query = nearestQuery(tag, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  if (query !== undefined) chooseQuery(query);
}

const MOVES: Record<string, [x: number, y: number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** The nearest recorded query in a direction; the one in the middle where none is chosen yet. */
export function nextQuery(tag: MapTag, from: Place | undefined, [right, down]: readonly [number, number]): Place | undefined {
  const all = spotsOf(tag);
  const now = all.find(({query}) => query === from);
  if (!now) return nearestQuery(tag, 0.5, 0.5);
  const along = (spot: Spot) => (spot.x - now.x) * right + (spot.y - now.y) * down;
  const aside = (spot: Spot) => Math.abs((spot.x - now.x) * down) + Math.abs((spot.y - now.y) * right);
  const ahead = all.filter((spot) => along(spot) > 1e-6 && along(spot) >= aside(spot));
  return ahead.toSorted((a, b) => along(a) + 2 * aside(a) - along(b) - 2 * aside(b))[0]?.query ?? from;
}

/** Moves the query with Shift and an arrow, and says whether the key was one of these. */
export function moveQuery(tag: MapTag, event: KeyboardEvent): boolean {
  const by = event.shiftKey ? MOVES[event.key] : undefined;
  if (!by) return false;
  const query = nextQuery(tag, queryOf(tag), by);
  if (query !== undefined) chooseQuery(query);
  event.preventDefault();
  event.stopPropagation();
  return true;
}
