import {computed, effect, useSignal, type Signal} from '@preact/signals';
import {useEffect, useLayoutEffect, useMemo, useRef} from 'preact/hooks';
import {valueAt} from '../../records/maps';
import {pointer} from '../../store/pointer';
import {runColour} from '../../store/runs';
import {figure, percent} from '../../ui/format';
import {Icon} from '../../ui/icons';
import {readSide, type ChosenSide, type Match} from './sides';
import {SideCell} from './SideCell';
import {divider} from './state';
import {runName} from './words';

export interface StackedProps {
  a: ChosenSide;
  b: ChosenSide;
  match: Match;
  pictures: [string | undefined, string | undefined];
}

/** Value of a side at a place of its map, in words. */
function valueWords(side: ChosenSide, own: number | null, x: number, y: number): string {
  const now = own === null ? null : readSide(side, own);
  if (now?.status !== 'ready') return '–';
  return figure(valueAt(now.map, Math.floor(y * now.map.rows), Math.floor(x * now.map.cols)));
}

/** The ring at the place under the cursor, with the values of both sides. */
function BothValues({a, b, match}: StackedProps) {
  const place = pointer.value;
  if (place === null || place.sample !== match.shown) return null;
  const words = `A ${valueWords(a, match.a, place.x, place.y)} · B ${valueWords(b, match.b, place.x, place.y)}`;
  return (
    <span class="reticle" style={{'--hx': `${place.x * 100}%`, '--hy': `${place.y * 100}%`}}>
      <span class="xh" />
      <span class={place.x > 0.6 ? 'val left' : 'val'} aria-hidden="true">{words}</span>
    </span>
  );
}

function Layers({a, b, match, pictures}: StackedProps) {
  return (
    <>
      <SideCell side={a} match={match} picture={pictures[0]} layered />
      <SideCell side={b} match={match} picture={pictures[1]} layered />
    </>
  );
}

function Letter({side, class: extra}: {side: ChosenSide; class: string}) {
  return (
    <span class={`ab ${extra}`} style={{'--c': runColour(side.run)}} aria-hidden="true">{side.name.toUpperCase()}</span>
  );
}

const FAR = 0.1;
const NEAR = 0.02;

function moved(event: KeyboardEvent, now: number): number | null {
  const by = event.shiftKey ? FAR : NEAR;
  const places: Record<string, number> = {
    ArrowLeft: now - by, ArrowDown: now - by, ArrowRight: now + by, ArrowUp: now + by,
    PageDown: now - FAR, PageUp: now + FAR, Home: 0, End: 1,
  };
  const place = places[event.key];
  return place === undefined ? null : Math.min(1, Math.max(0, Math.round(place * 100) / 100));
}

/** A on the left of a divider, B on the right; the divider is dragged or moved by arrows. */
export function Swipe(props: StackedProps) {
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => effect(() => follow(box.current!, handle.current!, divider.value)), []);
  const drag = (event: PointerEvent) => {
    const {left, width} = box.current!.getBoundingClientRect();
    divider.value = Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * 1000) / 1000;
  };
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    box.current!.setPointerCapture(event.pointerId);
    handle.current!.focus({preventScroll: true});
    event.preventDefault();
    drag(event);
  };
  const onMove = (event: PointerEvent) => {
    if (box.current!.hasPointerCapture(event.pointerId)) drag(event);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = moved(event, divider.peek());
    if (place === null) return;
    divider.value = place;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="stacked swipe" ref={box} onPointerDown={onDown} onPointerMove={onMove}>
      <Layers {...props} />
      <Letter side={props.a} class="at-left" />
      <Letter side={props.b} class="at-right" />
      <div ref={handle} class="divider" role="slider" tabIndex={0} aria-label="Divider between A and B" aria-valuemin={0} aria-valuemax={100} onKeyDown={onKeyDown}>
        <span class="knob"><Icon name="flip" small /></span>
      </div>
      <BothValues {...props} />
    </div>
  );
}

function follow(box: HTMLElement, handle: HTMLElement, place: number): void {
  box.style.setProperty('--d', `${place * 100}%`);
  handle.setAttribute('aria-valuenow', String(Math.round(place * 100)));
  handle.setAttribute('aria-valuetext', `A on ${percent(place)}, B on ${percent(1 - place)}`);
}

/** Milliseconds that each side is shown while they alternate. */
const TURN = 600;

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Starts and stops the turns; with reduced motion a press flips once. */
function useTurns(front: Signal<'a' | 'b'>) {
  const timer = useRef(0);
  const flip = () => (front.value = front.peek() === 'a' ? 'b' : 'a');
  const stop = () => {
    clearInterval(timer.current);
    timer.current = 0;
  };
  const start = () => {
    if (timer.current) return;
    flip();
    if (!isStill()) timer.current = window.setInterval(flip, TURN);
  };
  useEffect(() => stop, []);
  return {start, stop};
}

const PRESSES = new Set([' ', 'Enter']);

/** A and B in turn while the square is pressed; it says which one is shown. */
export function Blink(props: StackedProps) {
  const front = useSignal<'a' | 'b'>('a');
  const {start, stop} = useTurns(front);
  const side = useMemo(() => computed(() => (front.value === 'a' ? props.a : props.b)), [props.a, props.b]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') stop();
    if (!PRESSES.has(event.key)) return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  const words = isStill() ? 'Press to flip' : 'Hold to alternate';
  return (
    <div class={`stacked blink front-${front.value}`}>
      <Layers {...props} />
      <span class="which">
        <Letter side={side.value} class="" />
        <span class="clip1" role="status"><span class="sr">Shown: {front.value.toUpperCase()}, </span>{runName(side.value.run)}</span>
      </span>
      <span class="hint cap" aria-hidden="true">{words}</span>
      <button type="button" class="press" aria-label={`${words}: A and B`} onPointerDown={start} onPointerUp={stop} onPointerLeave={stop} onPointerCancel={stop} onKeyDown={onKeyDown} onKeyUp={stop} onBlur={stop} />
      <BothValues {...props} />
    </div>
  );
}
