// What the Health view shows; part of the deep link, so it is made before the view is opened.
import {signal} from '@preact/signals';
import {flag, linked, names, oneOf, optional, text} from '../../store/link';

export const FOUND = ['now', 'all'] as const;
export type Found = (typeof FOUND)[number];
export const SHOWN_SEVERITIES = ['any', 'error', 'warning'] as const;
export type ShownSeverity = (typeof SHOWN_SEVERITIES)[number];

/** Whether findings are listed up to the current step, or of all. */
export const found = linked<Found>('found', 'now', oneOf(FOUND));
export const severity = linked<ShownSeverity>('severity', 'any', oneOf(SHOWN_SEVERITIES));
/** Ids of the charts that were chosen; the usual ones where it is empty. */
export const chosenCharts = linked<string[]>('metrics', [], names);
/** Tag whose maps the metrics are about; `null` leaves the choice to the view. */
export const wantedTag = linked<string | null>('evidence', null, optional(text));
/** Layer whose curves are drawn; all of them where it is `null`. */
export const curveLayer = linked<string | null>('curves', null, optional(text));
/** Whether the curves of all chosen runs are drawn, however many they are. */
export const drawsAll = linked('allcurves', false, flag);

/** Finding that was gone to, by its key. */
export const lastVisited = signal<string | null>(null);
/** Chart that is to be brought into sight, by its id. */
export const soughtChart = signal<string | null>(null);
