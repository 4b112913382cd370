import {signal, type ReadonlySignal} from '@preact/signals';
import {setWaiting} from '../render/ready';

/** A part of the tab that is loaded when somebody first needs it. */
export interface Part<T> {
  /** The part, once it is there. */
  now: ReadonlySignal<T | null>;
  /** Loads it. */
  need: () => void;
}

export function part<T>(id: string, load: () => Promise<T>): Part<T> {
  const now = signal<T | null>(null);
  let asked = false;
  const need = () => {
    if (asked) return;
    asked = true;
    setWaiting(id, true);
    load()
      .then((loaded) => (now.value = loaded), () => (asked = false))
      .finally(() => setWaiting(id, false));
  };
  return {now, need};
}
