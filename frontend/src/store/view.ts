import {computed, effect, signal} from '@preact/signals';
import {DIVERGING, SEQUENTIAL, type Diverging, type Sequential} from '../render/tables';
import {type Codec, flag, linked, names, number, oneOf, optional, text, whole} from './link';

/** Id of the view in use. */
export const view = linked('view', 'samples', text);
/** Index of the sample that views of one sample show. */
export const sample = linked('sample', 0, whole());

/** Samples in the order in which the view lists them. */
export const sampleOrder = signal<readonly number[]>([]);

/** Chooses the next or the previous sample of the list. */
export function moveSample(by: 1 | -1): void {
  const order = sampleOrder.peek();
  const at = order.indexOf(sample.peek());
  const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))];
  if (next !== undefined) sample.value = next;
}

export const sequential = linked<Sequential>('map', 'inferno', oneOf(SEQUENTIAL));
export const diverging = linked<Diverging>('signed', 'RdBu', oneOf(DIVERGING));
/** Opacity of maps over pictures, 0 to 1. */
export const opacity = linked('opacity', 0.85, number(0, 1));
/** How opacity depends on the value: with it, or the same everywhere. */
export const veil = linked<'value' | 'even'>('veil', 'value', oneOf(['value', 'even']));
/** Share of the scale below which a map is transparent. */
export const threshold = linked('threshold', 0, number(0, 0.95));
/** Whether maps are shown as the cells that were computed. */
export const cells = linked('cells', false, flag);

/** What an outline encloses: the strongest share of a map, or what is above a share of the scale. */
export interface Contour {
  by: 'share' | 'scale';
  level: number;
}

const contourCodec: Codec<Contour> = {
  write: ({by, level}) => `${by}${Math.round(level * 100)}`,
  read: (written) => {
    const [, by, percent] = /^(share|scale)([1-9]\d?)$/.exec(written) ?? [];
    return percent ? {by: by as Contour['by'], level: Number(percent) / 100} : undefined;
  },
};

export const USUAL_CONTOUR: Contour = {by: 'share', level: 0.2};
/** Outline around the strongest places of every map; `null` for none. */
export const contour = linked<Contour | null>('contour', null, optional(contourCodec));
/** Whether the objects of the samples are outlined. */
export const masks = linked('masks', false, flag);

let lastContour = USUAL_CONTOUR;

/** Shows the outline as it was last, or hides it. */
export function toggleContour(): void {
  const now = contour.peek();
  lastContour = now ?? lastContour;
  contour.value = now ? null : lastContour;
}

export const SCALES = ['shared', 'column', 'map', 'log'] as const;
export type ScaleMode = (typeof SCALES)[number];
/** Which values colours span: all steps up to p99, of all samples too, this map up to its maximum, all steps on a log scale. */
export const scaleMode = linked<ScaleMode>('scale', 'shared', oneOf(SCALES));

/** Explainers that are switched off, by their key. */
export const hiddenExplainers = linked<string[]>('hide', [], names);

export const SIZES = [72, 112, 160, 224] as const;
const chosenSize = linked<number | null>('size', null, optional(number(72, 224)));
const usualSize = signal(112);

/** Side of a cell in CSS pixels. */
export const cellSize = computed(() => chosenSize.value ?? usualSize.value);

/** Makes cells larger or smaller by one size. */
export function resizeCells(by: 1 | -1): void {
  const now = cellSize.peek();
  const next = by > 0 ? SIZES.find((size) => size > now) : SIZES.findLast((size) => size < now);
  if (next) chosenSize.value = next;
}

export function setCellSize(size: number): void {
  chosenSize.value = size;
}

function sizeOfWindow(): number {
  if (innerHeight && innerHeight < 656) return 96;
  if (innerWidth >= 2200) return 224;
  return innerWidth >= 1800 ? 160 : 112;
}

/** Follows the window with the usual cell size and the document with the settings that CSS reads. */
export function followSettings(): () => void {
  const measure = () => {
    if (innerHeight > 0) usualSize.value = sizeOfWindow();
  };
  measure();
  addEventListener('resize', measure);
  const stop = effect(() => {
    const {style} = document.documentElement;
    style.setProperty('--cell', `${cellSize.value}px`);
  });
  return () => {
    removeEventListener('resize', measure);
    stop();
  };
}

/** Puts everything in Display settings back to its usual value. */
export function resetDisplay(): void {
  threshold.value = 0;
  cells.value = false;
  veil.value = 'value';
  opacity.value = 0.85;
  contour.value = null;
  masks.value = false;
  chosenSize.value = null;
}
