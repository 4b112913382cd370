import {signal} from '@preact/signals';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import type {RunData} from '../../api';
import {sampleName} from '../../store/predictions';
import {runColour, runLabels, shown} from '../../store/runs';
import {lastNotAbove} from '../../store/steps';
import {axisMode, axisText} from '../../store/time';
import {sample} from '../../store/view';
import {figure} from '../../ui/format';
import type {Card} from './cards';
import {curvesOf, type Subject} from './curves';
import {drawnData} from './drawn';
import {chosenData, stepAtPlace} from './moment';
import {layersAt, shotsAt} from './pictures';
import {ChannelThumbnail, SampleThumbnail} from './Thumbnail';

/** A place of a chart that the pointer is at. */
export interface HoveredPlace {
  card: Card;
  subject: Subject;
  place: number;
  /** Where its line stands in the window. */
  x: number;
  top: number;
  bottom: number;
}

export const hovered = signal<HoveredPlace | null>(null);

const MOST_RUNS = 6;
const WORDS = {step: 'step', epoch: 'epoch', time: 'after'} as const;

/** Value of a run in a chart at a place. */
function valueAt({card, subject, place}: HoveredPlace, run: RunData): number | null {
  const step = stepAtPlace(run, place);
  const known = curvesOf(card, run, subject);
  const curve = known.status === 'ready' ? known.value.find(({name}) => !name) : undefined;
  return curve && step !== null ? (curve.values[lastNotAbove(curve.steps, step)] ?? null) : null;
}

const valueText = (value: number | null): string => (value === null ? '–' : figure(value));

function RunValues({at}: {at: HoveredPlace}) {
  const runs = drawnData.value;
  const all = chosenData.value.length;
  if (runs.length < 2) return null;
  const labels = runLabels(runs.map(({run}) => run));
  return (
    <ul class="pop-runs">
      {runs.slice(0, MOST_RUNS).map((run) => (
        <li key={run.run}>
          <span class="dot" style={{'--c': runColour(run.run)}} />
          <span class="clip1">{labels.get(run.run)?.name ?? run.run}</span>
          <span class="num">{valueText(valueAt(at, run))}</span>
        </li>
      ))}
      {all > MOST_RUNS && <li class="cap">and {all - MOST_RUNS} more</li>}
    </ul>
  );
}

function Layers({at, run, step}: {at: HoveredPlace; run: RunData; step: number}) {
  const layers = at.subject.layer === null ? layersAt(at.card, run, at.subject, step) : [];
  if (!layers.length) return null;
  return (
    <ul class="pop-runs" aria-label="Largest">
      {layers.map(({layer, value}) => <li key={layer}><span /><span class="clip1">{layer}</span><span class="num">{figure(value)}</span></li>)}
    </ul>
  );
}

function Shots({at, run, step}: {at: HoveredPlace; run: RunData; step: number}) {
  const shots = shotsAt(at.card, run, at.subject, {sample: sample.value, step});
  if (!shots.length) return null;
  return (
    <div class="pop-shots">
      {shots.map(({tag, map, sample: index, value}) => (
        <figure key={`${tag.tag} ${map}`}>
          {index === null ? <ChannelThumbnail run={run} tag={tag} map={map} at={step} /> : <SampleThumbnail run={run} tag={tag} sample={index} at={step} />}
          <figcaption class="cap"><span class="clip1">{index === null ? tag.facts.layer : sampleName(run, index)}</span>{value !== null && <b class="b">{figure(value)}</b>}</figcaption>
        </figure>
      ))}
    </div>
  );
}

const GAP = 6;

/** Keeps the box beside the line, inside the view: below the chart, or above it where there is no room. */
function usePlace(at: HoveredPlace | null) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({left: 0, top: 0});
  useLayoutEffect(() => {
    const own = box.current;
    const view = own?.parentElement?.getBoundingClientRect();
    if (!own || !view || !at) return;
    const window = own.closest('.view')!.getBoundingClientRect();
    const left = Math.min(Math.max(at.x - own.offsetWidth / 2, window.left + GAP), window.right - own.offsetWidth - GAP);
    const below = at.bottom + 4 * GAP;
    const top = below + own.offsetHeight > window.bottom - GAP ? Math.max(window.top + GAP, at.top - own.offsetHeight - GAP) : below;
    setPlace((now) => {
      const next = {left: left - view.left, top: top - view.top};
      return now.left === next.left && now.top === next.top ? now : next;
    });
  });
  return {box, place};
}

/** What stands beside the pointer in a chart: the moment, values, and the maps behind them. */
export function Popup() {
  const at = hovered.value;
  const run = shown.value;
  const {box, place} = usePlace(at);
  const step = run && at ? stepAtPlace(run, at.place) : null;
  if (!at || !run) return null;
  return (
    <div class="pop" ref={box} style={{left: `${place.left}px`, top: `${place.top}px`}} data-place={at.place}>
      <div class="cap pop-head">
        <span class="b">{WORDS[axisMode.value]} {axisText(at.place)}</span>
        {chosenData.value.length < 2 && <span>{valueText(valueAt(at, run))}</span>}
      </div>
      <RunValues at={at} />
      {step !== null && <Layers at={at} run={run} step={step} />}
      {step !== null && <Shots at={at} run={run} step={step} />}
    </div>
  );
}
