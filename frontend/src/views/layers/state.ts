// What the Layers view shows; part of the deep link, so it is made before the view is opened.
import {signal} from '@preact/signals';
import {linked, oneOf, optional, text, whole} from '../../store/link';

export const ORDERS = ['value', 'change', 'alike', 'channel'] as const;
export type Order = (typeof ORDERS)[number];

export const PANES = ['channels', 'filters', 'features', 'weights'] as const;
export type Pane = (typeof PANES)[number];

/** How many channels or filters are shown; 0 is all of them. */
export const COUNTS = [0, 12, 24, 48] as const;

/** Path of the layer that was chosen; `null` leaves the choice to the view. */
export const wantedLayer = linked<string | null>('layer', null, optional(text));
/** Name of the figure that the strips of the ladder show. */
export const wantedStatistic = linked('strip', 'change', text);
/** The part of the detail that is open, where the layer has it. */
export const wantedPane = linked<Pane>('pane', 'channels', oneOf(PANES));
export const order = linked<Order>('order', 'value', oneOf(ORDERS));
export const shownCount = linked<number>('show', 0, whole());
/** Channel or filter that was chosen; `null` is the first in the order. */
export const wantedChannel = linked<number | null>('channel', null, optional(whole()));

/** The channel that the grid marks: the chosen one, or the first in its order. */
export const shownChannel = signal<number | null>(null);
/** Blocks that were folded or unfolded by hand, by path. */
export const folds = signal<ReadonlyMap<string, boolean>>(new Map());

export function setFolded(path: string, folded: boolean): void {
  folds.value = new Map(folds.peek()).set(path, folded);
}

/** Shows a layer; its own channels are others, so their choice starts anew. */
export function chooseLayer(path: string): void {
  if (wantedLayer.peek() !== path) wantedChannel.value = null;
  wantedLayer.value = path;
}
