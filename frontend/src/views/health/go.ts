// The way from a finding to what it is about: its run, record, and the sample, layer or class.
import {batch} from '@preact/signals';
import type {Finding} from '../../store/findings';
import {isMaps, runData, showRun, shownRun} from '../../store/runs';
import {nearest} from '../../store/steps';
import {closeCell, openCell} from '../../store/selection';
import {goTo} from '../../store/time';
import {sample, view} from '../../store/view';
import {chooseLayer} from '../layers/state';
import {label} from '../samples/state';
import {chosenCharts, found, lastVisited, soughtChart, wantedTag} from './state';

/** What a way leads to; `null` parts are left as they are. */
export interface Goal {
  run: string;
  /** Step of that run. */
  step: number | null;
  tag: string | null;
  sample: number | null;
  layer: string | null;
  class: number | null;
}

/** The tag that shows a goal: its own, or the first with maps over samples. */
function tagFor({run, tag}: Goal): string | null {
  const tags = runData.peek().get(run)?.tags.filter(isMaps) ?? [];
  const own = tags.find((one) => one.tag === tag);
  return (own ?? tags.find(({kind}) => kind === 'attribution'))?.tag ?? null;
}

function open(goal: Goal): void {
  const tag = tagFor(goal);
  if (goal.sample !== null) {
    label.value = null;
    view.value = 'samples';
    sample.value = goal.sample;
    if (tag) openCell(tag, goal.sample);
  } else if (goal.layer !== null) {
    closeCell();
    chooseLayer(goal.layer);
    view.value = 'layers';
  } else if (goal.class !== null || goal.tag !== null) {
    closeCell();
    label.value = goal.class;
    view.value = 'samples';
  } else {
    view.value = 'health';
  }
}

export function goThere(goal: Goal): void {
  batch(() => {
    if (goal.run !== shownRun.peek()) showRun(goal.run);
    const steps = runData.peek().get(goal.run)?.steps ?? [];
    if (goal.step !== null) goTo(nearest(steps, goal.step));
    open(goal);
  });
}

export const goalOf = (finding: Finding): Goal => ({...finding, step: finding.from});

/** Brings the curve of a finding into sight, of the maps that it is about. */
export function showCurve({curve}: Finding): void {
  if (!curve) return;
  const id = `map.${curve.metric}`;
  batch(() => {
    wantedTag.value = curve.tag;
    const chosen = chosenCharts.peek();
    if (chosen.length && !chosen.includes(id)) chosenCharts.value = [...chosen, id];
    soughtChart.value = id;
  });
}

/** Opens a finding where it is listed, at the record at which it began. */
export function showInList(finding: Finding): void {
  batch(() => {
    goTo(nearest(runData.peek().get(finding.run)?.steps ?? [], finding.from));
    found.value = 'now';
    lastVisited.value = finding.key;
    view.value = 'health';
  });
}
