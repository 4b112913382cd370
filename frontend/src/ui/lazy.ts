import type {ComponentType} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {setWaiting} from '../render/ready';

const loaded = new Map<string, ComponentType>();

/** A component that is loaded when it is first needed; an update of the package takes it away. */
export function useLazy(id: string, load: () => Promise<{default: ComponentType}>): ComponentType | 'loading' | 'gone' {
  const [, redraw] = useState(0);
  const [gone, setGone] = useState<string | null>(null);
  const known = loaded.get(id);
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
