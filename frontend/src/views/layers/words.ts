// Sentences about a layer.
import type {MapTag} from '../../api';
import {grouped, plural} from '../../ui/format';
import {channelsOf, type LayerNode} from './ladder';

/** What a layer is: `Conv2D 3 × 3 · 48 channels of 32 × 32 · stored as 16 × 16`. */
export function layerWords(node: LayerNode, maps: MapTag | undefined, filters: MapTag | undefined): string {
  const kernel = filters ? ` ${filters.facts.native.join(' × ')}` : '';
  const parts = [`${node.type}${kernel}`, outputWords(node.shape), storedWords(node.shape, maps)];
  const own = node.activation?.toLowerCase() ?? 'linear';
  if (own !== 'linear' && own !== node.type.toLowerCase()) parts.splice(1, 0, own);
  if (node.calls > 1) parts.push(`called ${node.calls} times`);
  return parts.filter((part) => part !== '').join(' · ');
}

function outputWords(shape: readonly (number | null)[]): string {
  const channels = channelsOf(shape);
  if (channels === null) return '';
  if (shape.length < 2) return plural(channels, 'unit');
  const places = shape.slice(0, -1).map((size) => size ?? '?').join(' × ');
  return `${grouped(channels)} channels of ${places}`;
}

function storedWords(shape: readonly (number | null)[], maps: MapTag | undefined): string {
  if (!maps || shape.length !== 3) return '';
  const [rows, cols] = maps.facts.shape;
  return rows === shape[0] && cols === shape[1] ? '' : `stored as ${rows} × ${cols}`;
}

/** Index of the record since which a layer has had at least as many dead channels as now, or `null`. */
export function deadSince(counts: ArrayLike<number>, now: number): number | null {
  const dead = counts[now] ?? NaN;
  if (!(dead > 0)) return null;
  let since = now;
  while (since > 0 && counts[since - 1]! >= dead) since -= 1;
  return since;
}
