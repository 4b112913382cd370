import {signal} from '@preact/signals';
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import {chosenRuns, runColour, runData, shownRun} from '../store/runs';
import {gaps, nearest} from '../store/steps';
import {
  axisMode, axisPositions, axisRange, axisText, goTo, move, nowShare, share, step, stepIndex, stepName, steps, stepText, timeOfDay,
} from '../store/time';
import {accuracyOf, lossOf, pathOf, rangeOf, ticks, timeTicks, type Curve} from './curves';

const hovered = signal<number | null>(null);
const KEYS: Record<string, (far: number) => void> = {
  ArrowRight: (far) => move(far),
  ArrowUp: (far) => move(far),
  ArrowLeft: (far) => move(-far),
  ArrowDown: (far) => move(-far),
  PageUp: () => move(10),
  PageDown: () => move(-10),
  Home: () => goTo(0),
  End: () => goTo(Infinity),
};

function onKeyDown(event: KeyboardEvent): void {
  const action = KEYS[event.key];
  if (!action) return;
  action(event.shiftKey ? 10 : 1);
  event.preventDefault();
  event.stopPropagation();
}

/** Index of the record nearest to the pointer. */
function recordAt(event: PointerEvent): number {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const [low, high] = axisRange.peek();
  const position = low + ((event.clientX - box.left) / box.width) * (high - low);
  return nearest(axisPositions.peek(), position);
}

/** Size of a box in CSS pixels. */
function useSize() {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({width: 800, height: 54});
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry?.contentRect.width) setSize(entry.contentRect);
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return {box, size};
}

/** Curves in pixels: with strokes that do not scale, the browser draws them anew whenever a text beside them changes. */
function Lines() {
  const {box, size} = useSize();
  const range = axisRange.value;
  const mode = axisMode.value;
  const known = chosenRuns.value.flatMap((name) => runData.value.get(name) ?? []);
  const losses = known.flatMap((run) => lossOf(run, mode) ?? []);
  const front = known.find(({run}) => run === shownRun.value);
  const accuracy = front ? accuracyOf(front, mode) : null;
  const lossRange = rangeOf(losses);
  const line = (curve: Curve, values: readonly [number, number], extra: string) => (
    <path key={`${curve.run}${extra}`} class={`ln ${extra}`} style={{'--c': runColour(curve.run)}} d={pathOf(curve.xs, curve.ys, range, values, size)} />
  );
  const back = losses.filter(({run}) => run !== shownRun.value);
  const main = losses.filter(({run}) => run === shownRun.value);
  return (
    <>
      <div class="plot" ref={box}>
        <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
          {lossRange && back.map((curve) => line(curve, lossRange, ''))}
          {lossRange && main.map((curve) => line(curve, lossRange, 'f'))}
          {accuracy && line(accuracy, [0, Math.max(1, rangeOf([accuracy])?.[1] ?? 1)], 'dash')}
        </svg>
      </div>
      <span class="keys" aria-hidden="true">
        {lossRange && <span class="key">loss</span>}
        {accuracy && <span class="key dashed">accuracy</span>}
      </span>
    </>
  );
}

const TICK_ROOM = 64;

function Axis({width}: {width: number}) {
  const range = axisRange.value;
  const most = Math.max(2, Math.floor(width / TICK_ROOM));
  const places = axisMode.value === 'time' ? timeTicks(range, most) : ticks(range, most, true);
  const now = nowShare.value * width;
  const room = axisMode.value === 'time' ? 56 : 30;
  const isClear = (x: number) => Math.abs(x - now) > room;
  return (
    <>
      {places.filter((place) => isClear(share(place) * width)).map((place) => (
        <span key={place} class="tick" style={{left: `${share(place) * 100}%`}}>{axisText(place)}</span>
      ))}
    </>
  );
}

const NO_GAPS: [number, number][] = [];

function Records({width}: {width: number}) {
  const list = axisPositions.value;
  const range = axisRange.value;
  const marks = useMemo(() => {
    const seen = new Set(list.map((at) => Math.round(((at - range[0]) / (range[1] - range[0])) * width)));
    return [...seen].map((x) => `M${x + 0.5} 0v4`).join('');
  }, [list, range, width]);
  const missing = useMemo(() => (list.length > 2 ? gaps(list) : NO_GAPS), [list]);
  return (
    <>
      <svg class="rec" viewBox={`0 0 ${width} 4`} preserveAspectRatio="none" aria-hidden="true"><path d={marks} /></svg>
      {missing.map(([from, to]) => (
        <i key={from} class="gap" title="No records" style={{left: `${share(from) * 100}%`, width: `${(share(to) - share(from)) * 100}%`}} />
      ))}
    </>
  );
}

function Hover() {
  const index = hovered.value;
  const at = index === null ? undefined : axisPositions.value[index];
  if (at === undefined || index === stepIndex.value) return null;
  return <i class="gh" style={{left: `${share(at) * 100}%`}}><b>{axisText(at)}</b></i>;
}

/** A layer of its own, so that nothing below is laid out or drawn anew at every step. */
function Head({width}: {width: number}) {
  const at = axisPositions.value[stepIndex.value] ?? 0;
  return <div class="head" style={{transform: `translateX(${nowShare.value * width}px)`}}><b>{axisText(at)}</b></div>;
}

/** The time axis: curves of the training, marks of the records, and the record in use. */
export function Track() {
  const {box, size: {width}} = useSize();
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointerdown') (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const index = recordAt(event);
    hovered.value = index;
    if (event.buttons & 1) goTo(index);
  };
  const last = steps.value.length - 1;
  const spoken = `${stepName.value} ${stepText(step.value)} of ${stepText(steps.value[last] ?? 0)}, ${timeOfDay.value}`;
  return (
    <div class="track" ref={box} role="slider" tabIndex={0} aria-label={stepName.value} aria-valuemin={steps.value[0] ?? 0} aria-valuemax={steps.value[last] ?? 0} aria-valuenow={step.value} aria-valuetext={spoken} onPointerDown={drag} onPointerMove={drag} onPointerLeave={() => (hovered.value = null)} onKeyDown={onKeyDown}>
      <Lines />
      <Records width={width} />
      <Axis width={width} />
      <Hover />
      <Head width={width} />
    </div>
  );
}
