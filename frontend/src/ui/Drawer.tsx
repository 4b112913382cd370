import {effect} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import {IconButton} from './controls';
import {returnFocus, takeFocus} from './drawer_focus';

interface DrawerProps {
  /** Words in the head. */
  title: string;
  /** Buttons in the head, before the one that closes. */
  actions?: ComponentChildren;
  onClose: () => void;
  /** What gets the focus when the drawer closes that had it. */
  home?: () => HTMLElement | null;
  children: ComponentChildren;
}

/** A panel at the right of the view; it pushes the view aside, and floats over it in narrow windows. */
export function Drawer({title, actions, onClose, home, children}: DrawerProps) {
  const panel = useRef<HTMLElement>(null);
  const latest = useRef(home);
  latest.current = home;
  useEffect(() => effect(() => takeFocus(panel.current)), []);
  useLayoutEffect(() => {
    const drawer = panel.current;
    return () => {
      if (drawer?.contains(document.activeElement)) requestAnimationFrame(() => returnFocus(latest.current?.() ?? null));
    };
  }, []);
  return (
    <aside class="drawer" aria-label={title} ref={panel} tabIndex={-1}>
      <header>
        <h2 class="b clip1 sp" title={title}>{title}</h2>
        {actions}
        <IconButton icon="cross" label="Close (Esc)" onClick={onClose} />
      </header>
      <div class="body">{children}</div>
    </aside>
  );
}
