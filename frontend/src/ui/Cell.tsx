import {computed, effect, untracked, type ReadonlySignal} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks';
import type {MapTag, RunData} from '../api';
import {isPicture} from '../records/facts';
import {lutOf, type Style} from '../render/lut';
import {clear, paint} from '../render/paint';
import {proportion} from '../render/proportion';
import {painted, setPending} from '../render/ready';
import {NO_EXTENT, topOf, type Extent} from '../render/scale';
import {describe} from '../render/words';
import {headMeant} from '../store/attention';
import {mapAt, type MapAt, type ReadyMap} from '../store/maps';
import {resting} from '../store/rest';
import {scaleExtent} from '../store/scales';
import {openCell} from '../store/selection';
import {recordedEvery} from '../store/steps';
import {step, stepName, stepText} from '../store/time';
import {cells, contour, diverging, masks, opacity, scaleMode, sequential, threshold, veil} from '../store/view';
import {Badge, type BadgeProps} from './Badge';
import {Fit, pictureProportion} from './Fit';
import {Icon} from './icons';
import {missingPart} from './missing_part';
import {outlines} from './outlines';
import {Picture} from './Picture';
import {Reticle} from './Reticle';

/** What a cell shows. */
export interface MapCellProps {
  run: RunData;
  tag: MapTag;
  /** Index of the map among those of the tag. */
  map: number;
  /** Step to show; the current one where it is left out. */
  at?: number | undefined;
  /** What reads the map; by default what loads it together with its neighbours in time. */
  read?: typeof mapAt;
  /** The extent that colours share, instead of that of this map over all steps; `null` while it is on its way. */
  extent?: () => Extent | null;
  /** Beginning of the accessible name: explainer and sample. */
  name: string;
  /** Index of the sample; links the cursor of all its cells. */
  sample?: number | null;
  /** Its index in the run of the map, where that is not the shown one. */
  own?: number | null;
  /** Picture below the map. */
  picture?: string | undefined;
  pixelated?: boolean;
  /** Whether the map stands alone, without a picture below it. */
  solid?: boolean;
  /** Whether cells are always drawn as they were computed, such as weights that are no neighbours. */
  sharp?: boolean;
  /** A badge that belongs to this map, such as a changed target. */
  badge?: (map: ReadyMap) => BadgeProps | null;
  /** Figures of this map in words, for who looks closer; empty without any. */
  details?: (map: ReadyMap) => string;
  /** Whether a click opens the inspector; by default where the map belongs to a sample. */
  opens?: boolean;
  tabIndex?: number;
  role?: 'gridcell' | 'img';
  class?: string;
  onFocus?: () => void;
  /** What lies over the map. */
  children?: ComponentChildren;
}

/** The style of maps with the settings in use. */
export function styleOf(signed: boolean, solid: boolean): Style {
  const table = signed ? diverging.value : sequential.value;
  const log = scaleMode.value === 'log';
  if (solid) return {table, signed, veil: 'solid', threshold: 0, log};
  return {table, signed, veil: veil.value, threshold: threshold.value, log, opacity: opacity.value};
}

type Face = {kind: 'map' | 'loading' | 'none'} | {kind: 'error'; reason: string; retry: () => void};

interface Shown {
  face: Face;
  badge: BadgeProps | null;
}

/** What is odd about the values of a map. */
function oddness({notFinite, map}: ReadyMap): BadgeProps | null {
  if (notFinite) {
    const text = `NaN, ${notFinite} ${notFinite === 1 ? 'cell' : 'cells'}`;
    return {icon: 'error', text, title: 'Values that are not finite are shown as 0.'};
  }
  if (map.scale > 0) return null;
  return {icon: 'info', text: 'all zero', title: 'No evidence above 0 for this class.'};
}

/** Why a map is older than the step that was asked for. */
function earlier({step: from}: ReadyMap, wanted: number, {run, tag}: MapCellProps): BadgeProps {
  const moment = `${stepName.value.toLowerCase()} ${stepText(wanted)}`;
  const failure = run.progress.failures.find((one) => one.tag === tag.tag && one.step === wanted);
  const every = recordedEvery(run, tag);
  const rare = every === null ? `There is no record at ${moment}` : `Recorded every ${stepText(every)} ${run.axis === 'batch' ? 'steps' : 'epochs'}`;
  const why = failure ? `It failed at ${moment}: ${failure.reason}` : rare;
  const title = `${why}; this one is from ${stepText(from)}.`;
  return {icon: failure ? 'warning' : 'clock', text: `from ${stepText(from)}`, title};
}

function badgeOf(at: ReadyMap, props: MapCellProps): BadgeProps | null {
  const own = oddness(at) ?? props.badge?.(at) ?? null;
  const wanted = props.at ?? step.value;
  if (at.step >= wanted) return own;
  const old = earlier(at, wanted, props);
  if (!own) return old;
  const spoken = `${old.text}, ${own.spoken ?? own.text}`;
  return {...old, text: `${old.text}, ${own.text}`, title: `${old.title} ${own.title}`, spoken};
}

function shownFor(at: MapAt, props: MapCellProps): Shown {
  if (at.status === 'ready') return {face: {kind: 'map'}, badge: badgeOf(at, props)};
  if (at.status === 'error') return {face: {kind: 'error', reason: at.reason, retry: at.retry}, badge: null};
  return {face: {kind: at.status}, badge: null};
}

const sameShown = (a: Shown, b: Shown): boolean =>
  a.face.kind === b.face.kind && a.badge?.text === b.badge?.text && a.badge?.title === b.badge?.title;

/** Value of full colour of a map; `null` while the extent that it needs is on its way. */
function topNow(at: ReadyMap, extent: Extent | null): number | null {
  if (isPicture(at.facts)) return 1;
  return extent || scaleMode.value === 'map' ? topOf(scaleMode.value, at.map, extent ?? NO_EXTENT) : null;
}

/** Paints into the canvas; says whether everything that belongs to this step is there. */
function paintCell(canvas: HTMLCanvasElement, at: MapAt, extent: Extent | null, {solid = false, sharp = false}: MapCellProps): boolean {
  if (at.status !== 'ready') {
    delete canvas.dataset.painted;
    if (at.status !== 'loading') clear(canvas);
    return at.status !== 'loading';
  }
  const top = topNow(at, extent);
  if (top === null) return false;
  paint(canvas, at.map, lutOf(styleOf(at.map.signed, solid)), {top, cells: sharp || cells.value});
  canvas.dataset.painted = String(at.step);
  canvas.dataset.top = String(top);
  return !(at.coarse && resting.value);
}

/** Paints outside the component tree whenever the map, its scale or a setting changes. */
function usePainting(props: MapCellProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const {run, tag, map, at: fixed, solid = false, read = mapAt} = props;
  const at = useMemo(() => computed(() => read(run, tag, fixed ?? step.value, map)), [run, tag, map, fixed, read]);
  const [shown, setShown] = useState<Shown>(() => untracked(() => shownFor(at.peek(), props)));
  const last = useRef(shown);
  useLayoutEffect(() => {
    const token = {};
    const stop = effect(() => {
      const {extent = () => scaleExtent(run, tag, map)} = latest.current;
      const next = shownFor(at.value, latest.current);
      if (!sameShown(last.current, next)) setShown((last.current = next));
      if (canvas.current) setPending(token, !paintCell(canvas.current, at.value, extent(), latest.current));
    });
    return () => {
      stop();
      setPending(token, false);
    };
  }, [at, solid]);
  useEffect(() => effect(() => name(box.current, latest.current, at, shown.badge)), [at, props.name, shown.badge]);
  return {canvas, box, shown, at};
}

/** Says the map in words once it is painted and the step stands still. */
function name(box: HTMLElement | null, props: MapCellProps, at: ReadonlySignal<MapAt>, badge: BadgeProps | null): void {
  if (!resting.value || !painted.value || !box) return;
  const now = at.value;
  const words = now.status === 'ready' ? describe(now.map) : 'no map';
  const details = now.status === 'ready' ? (props.details?.(now) ?? '') : '';
  const said = [`${props.name}: ${words}`, details, badge?.spoken ?? badge?.text ?? ''];
  box.setAttribute('aria-label', said.filter(Boolean).join(', '));
  box.title = details;
}

/** Outlines over a map: of its strongest places, and of the object in its sample. */
function Outlines({props, at}: {props: MapCellProps; at: ReadonlySignal<MapAt>}) {
  const draw = outlines.value;
  const {run, tag, map, sample = null, own = sample, sharp = false, extent = () => scaleExtent(run, tag, map)} = props;
  if (!draw) return null;
  const top = () => (at.value.status === 'ready' ? topNow(at.value, extent()) : null);
  return (
    <>
      {contour.value && !sharp && <draw.MapOutline at={at} top={top} />}
      {masks.value && own !== null && <draw.MaskOutline run={run} sample={own} />}
    </>
  );
}

/** Says that there is no map yet; the way to the first one comes when it is needed. */
function NoneYet(props: MapCellProps) {
  const First = missingPart.now.value?.FirstRecord;
  useEffect(missingPart.need, []);
  return <span class="words">No map at this {stepName.value.toLowerCase()} or before{First && <First {...props} />}</span>;
}

function Message({face, of}: {face: Face; of: MapCellProps}): ComponentChildren {
  if (face.kind === 'none') return <NoneYet {...of} />;
  if (face.kind !== 'error') return null;
  return (
    <span class="words" title={face.reason}>
      <Icon name="reload" />
      Could not read
      <button type="button" onClick={face.retry}>Retry</button>
    </span>
  );
}

/** A square with a map over the picture of its sample, or the words why there is none. */
export function MapCell(props: MapCellProps) {
  const {canvas, box, shown, at} = usePainting(props);
  const {run, tag, map, sample = null, picture, pixelated, solid = false, sharp = false, tabIndex = 0, role = 'img', class: extra = ''} = props;
  const opens = props.opens ?? (sample !== null && (tag.kind === 'attribution' || tag.kind === 'attention'));
  const kind = shown.face.kind;
  const isMap = kind === 'map' || kind === 'loading';
  const isOver = isMap && !solid && picture !== undefined;
  const classes = ['cell', solid ? 'solid' : 'map', isMap ? '' : 'msg', sharp || cells.value ? 'raw' : '', extra];
  return (
    <div
      ref={box} class={classes.filter(Boolean).join(' ')} role={role} tabIndex={tabIndex} aria-label={props.name}
      onFocus={props.onFocus} onClick={opens && isMap ? () => openCell(tag.tag, sample!, run.run, headMeant(tag, map)) : undefined}
      data-kind={kind} data-run={run.run} data-tag={tag.tag} data-map={map} data-sample={sample ?? undefined} data-at={props.at}
    >
      <Fit of={isOver ? pictureProportion(run) : proportion(...tag.facts.native)}>
        {isOver && <Picture grey address={picture} pixelated={pixelated ?? false} />}
        <canvas ref={canvas} aria-hidden="true" hidden={!isMap} />
        {kind === 'loading' && !picture && <span class="skel" />}
        {kind === 'map' && <Outlines props={props} at={at} />}
        {kind === 'map' && props.children}
        {kind === 'map' && sample !== null && <Reticle sample={sample} at={at} />}
      </Fit>
      <Message face={shown.face} of={props} />
      {shown.badge && <Badge {...shown.badge} />}
    </div>
  );
}
