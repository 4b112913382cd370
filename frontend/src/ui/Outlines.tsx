import {effect, type ReadonlySignal} from '@preact/signals';
import {useLayoutEffect, useRef} from 'preact/hooks';
import type {RunData} from '../api';
import {contourPath, SIDE} from '../render/contour';
import {logarithmic, type Style} from '../render/lut';
import {outlineOf} from '../render/outline';
import {setPending} from '../render/ready';
import {maskField} from '../render/mask';
import type {MapAt} from '../store/maps';
import {pictures} from '../store/tables';
import {cells, contour, masks, type Contour} from '../store/view';
import {figure, percent} from './format';
import css from './outlines.css?inline';
import {addStyle} from './style';

addStyle(css);

/** Draws path data into an outline whenever what it is made from changes. */
function useOutline(draw: () => string | null, inputs: readonly unknown[]) {
  const svg = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const token = {};
    const stop = effect(() => {
      const data = draw();
      setPending(token, data === null);
      for (const path of svg.current?.children ?? []) path.setAttribute('d', data ?? '');
    });
    return () => {
      stop();
      setPending(token, false);
    };
  }, inputs);
  return svg;
}

function Lines({of, kind}: {of: ReturnType<typeof useOutline>; kind: string}) {
  return (
    <svg ref={of} class={`outline ${kind}`} viewBox={`0 0 ${SIDE} ${SIDE}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="under" />
      <path />
    </svg>
  );
}

interface MapOutlineProps {
  at: ReadonlySignal<MapAt>;
  /** Value of full colour of the map; `null` while it is on its way. */
  top: () => number | null;
  /** What the outline encloses, where that is not the one of all maps. */
  chosen?: Contour;
}

/** Outline of the strongest places of a map. */
export function MapOutline({at, top, chosen: own}: MapOutlineProps) {
  const draw = () => {
    const chosen = own ?? contour.value;
    if (!chosen || at.value.status !== 'ready') return '';
    const full = chosen.by === 'share' ? 1 : top();
    return full === null ? null : outlineOf(at.value.map, chosen, full, cells.value);
  };
  return <Lines of={useOutline(draw, [at])} kind="strong" />;
}

/** Outline of the object in a sample, where its mask was recorded. */
export function MaskOutline({run, sample}: {run: RunData; sample: number}) {
  const draw = () => {
    const stored = pictures(run);
    if (stored.status !== 'ready') return stored.status === 'loading' ? null : '';
    const address = stored.value.masks.get(sample);
    const field = address === undefined ? undefined : maskField(address);
    return field === undefined ? '' : field && contourPath(field, 0.5);
  };
  return <Lines of={useOutline(draw, [run, sample])} kind="object" />;
}

/** What the outline of maps encloses, in words. */
export function contourWords(chosen: Contour | null = contour.value): string {
  if (!chosen) return '';
  return chosen.by === 'share' ? `top ${percent(chosen.level)}` : `above ${percent(chosen.level)} of the scale`;
}

/** Marks on a scale where the outline of a level runs, and says the value: of several scales, the lowest and the highest. */
export function LegendLevel({style, tops}: {style: Style; tops: readonly [number, number]}) {
  const chosen = contour.value;
  if (chosen?.by !== 'scale') return null;
  const share = style.log ? logarithmic(chosen.level) : chosen.level;
  const places = style.signed ? [0.5 - share / 2, 0.5 + share / 2] : [share];
  const [low, high] = tops.map((top) => figure(top * chosen.level));
  const words = `outline ${style.signed ? '±' : ''}${low === high ? low : `${low}–${high}`}`;
  return (
    <>
      <span class="level" aria-hidden="true">{places.map((place) => <i key={place} style={{left: `${place * 100}%`}} />)}</span>
      <span class="cap clip1" title={`The outline runs at ${percent(chosen.level)} of the scale`}>{words}</span>
    </>
  );
}

/** Says what the outlines are. */
export function OutlineKey({run}: {run: RunData | null}) {
  const hasMasks = run?.samples?.masks.some((mask) => mask !== null) ?? false;
  return (
    <span class="outkey cap hide-m">
      {contour.value && <span title={`The outline encloses the ${contourWords()} of each map, by |value|; specks are left out`}><i /><span>{contourWords()}</span></span>}
      {masks.value && <span title={hasMasks ? 'The object, from masks= of the callback' : 'No masks were recorded; they come from masks= of the callback'}><i class="dash" /><span>{hasMasks ? 'object' : 'no masks'}</span></span>}
    </span>
  );
}
