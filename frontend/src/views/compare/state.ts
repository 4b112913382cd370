// What the Compare view shows; part of the deep link, so it is made before the view is opened.
import type {DifferenceKind} from '../../measures/difference';
import {flag, linked, number, oneOf, optional, text} from '../../store/link';

export const MODES = ['side', 'swipe', 'blink'] as const;
/** How A and B are laid out: beside each other, above each other with a divider, or in turn. */
export type Mode = (typeof MODES)[number];

const KINDS: readonly DifferenceKind[] = ['signed', 'absolute', 'ranks'];

export const ORDERS = ['drift', 'overlap', 'norm', 'name'] as const;
/** What the list of all samples is sorted by. */
export type Order = (typeof ORDERS)[number];

export const mode = linked<Mode>('compare', 'side', oneOf(MODES));
export const kind = linked<DifferenceKind>('difference', 'signed', oneOf(KINDS));
export const order = linked<Order>('by', 'drift', oneOf(ORDERS));
/** Whether only samples are listed whose prediction stayed while the reason moved. */
export const onlyMoved = linked('moved', false, flag);
/** Place of the divider of Swipe, from the left. */
export const divider = linked('divider', 0.5, number(0, 1));
/** Whether each side is divided by its own scale; `null` where that is left to what is compared. */
export const wantedDivided = linked<boolean | null>('divided', null, optional(flag));
/** Name of the figure whose curve is drawn; `null` leaves the choice to the view. */
export const wantedCurve = linked<string | null>('curve', null, optional(text));
