import type {RunData} from '../api';
import {masks} from '../store/view';
import {outlines} from './outlines';

/** Outline of the object over the picture of a sample, while it is switched on. */
export function ObjectOutline({run, sample}: {run: RunData; sample: number}) {
  const draw = outlines.value;
  return draw && masks.value ? <draw.MaskOutline run={run} sample={sample} /> : null;
}
