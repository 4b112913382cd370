import {computed, type ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';

/** A computed value that is made anew when what it is made of changes, such as the data of a run. */
export function useComputedOf<T>(compute: () => T, parts: readonly unknown[]): ReadonlySignal<T> {
  return useMemo(() => computed(compute), [...parts]);
}
