import type {ComponentChildren} from 'preact';
import type {RunData} from '../api';
import {proportion} from '../render/proportion';

/** Columns by rows of the pictures of a run. */
export const pictureProportion = ({samples}: RunData): number => proportion(samples?.rows, samples?.cols);

/** Keeps what lies over each other in a square cell in the proportion of the picture. */
export function Fit({of, children}: {of: number; children: ComponentChildren}) {
  const inset = (share: number) => `${50 * Math.max(0, 1 - share)}%`;
  const style = of === 1 ? undefined : {inset: `${inset(1 / of)} ${inset(of)}`};
  return <span class="fit" style={style}>{children}</span>;
}
