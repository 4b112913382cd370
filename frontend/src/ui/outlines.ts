import {effect, signal} from '@preact/signals';
import {setWaiting} from '../render/ready';
import {contour, masks} from '../store/view';

/** What draws outlines, once somebody asks for one. */
export const outlines = signal<typeof import('./Outlines') | null>(null);

/** Loads what draws outlines when it is first needed; returns what stops it. */
export function watchOutlines(): () => void {
  let asked = false;
  return effect(() => {
    if (asked || (contour.value === null && !masks.value)) return;
    asked = true;
    setWaiting('outlines', true);
    import('./Outlines')
      .then((module) => (outlines.value = module), () => (asked = false))
      .finally(() => setWaiting('outlines', false));
  });
}
