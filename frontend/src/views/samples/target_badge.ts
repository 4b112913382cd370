import type {MapTag, RunData} from '../../api';
import {mapAt, type ReadyMap} from '../../store/maps';
import {className} from '../../store/predictions';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {stepName, stepText} from '../../store/time';
import type {BadgeProps} from '../../ui/Badge';
import {PREDICTED} from './flips';

/** Class that the record before explains; `null` without one. */
function targetBefore(run: RunData, tag: MapTag, step: number, map: number): number | null {
  const steps = tagSteps(run, tag);
  const before = steps[lastNotAbove(steps, step) - 1];
  const record = before === undefined ? null : mapAt(run, tag, before, map);
  return record?.status === 'ready' ? record.target : null;
}

function flipped(before: string, after: string, step: number): BadgeProps {
  const moment = `${stepName.value.toLowerCase()} ${stepText(step)}`;
  const spoken = `flipped from ${before} to ${after} at ${moment}`;
  const title = `Flipped from ${before} to ${after} at ${moment}. This map and the one before explain different classes: they are no equals.`;
  return {icon: 'flip', text: `${before} → ${after}`, title, spoken};
}

/** What a map of the predicted class says when that flipped, or is not the label. */
export function targetBadge(run: RunData, tag: MapTag, map: number, label: number | null) {
  if (tag.facts.target !== PREDICTED) return undefined;
  return ({target, step}: ReadyMap): BadgeProps | null => {
    if (target === null) return null;
    const before = targetBefore(run, tag, step, map);
    const now = className(run, target);
    if (before !== null && before !== target) return flipped(className(run, before), now, step);
    if (label === null || label === target) return null;
    return {icon: 'info', text: `for ${now}`, title: `This map explains the predicted class, ${now}; the label is ${className(run, label)}.`};
  };
}
