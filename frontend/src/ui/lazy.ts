import type {ComponentType} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {setWaiting} from '../render/ready';

const loaded = new Map<string, unknown>();

/** A component that is loaded when it is first needed; an update of the package takes it away. */
export function useLazy<P = object>(id: string, load: () => Promise<{default: ComponentType<P>}>): ComponentType<P> | 'loading' | 'gone' {
  const [, redraw] = useState(0);
  const [gone, setGone] = useState<string | null>(null);
  const known = loaded.get(id) as ComponentType<P> | undefined;
  useEffect(() => {
    if (known) return undefined;
    setWaiting(id, true);
    let stale = false;
    load()
      .then((module) => loaded.set(id, module.default))
      .catch(() => !stale && setGone(id))
      .finally(() => {
        setWaiting(id, false);
        if (!stale) redraw((count) => count + 1);
      });
    return () => (stale = true);
  }, [id]);
  return known ?? (gone === id ? 'gone' : 'loading');
}
