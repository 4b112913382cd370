import {computed, type ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../api';
import {mapAt, type MapAt} from '../store/maps';
import {restedStep} from '../store/rest';
import {step} from '../store/time';

/** What the inspector is about: one map of a sample, over time. */
export interface Subject {
  run: RunData;
  tag: MapTag;
  sample: number;
  /** Index of the map among those of the tag; -1 where the sample has none. */
  map: number;
}

/** The map at the current step. */
export function useMap({run, tag, map}: Subject): ReadonlySignal<MapAt> {
  return useMemo(() => computed(() => mapAt(run, tag, step.value, map)), [run, tag, map]);
}

/** The map at the step that last stood still, for what need not follow each frame. */
export const restedMap = ({run, tag, map}: Subject): MapAt => mapAt(run, tag, restedStep.value, map);
