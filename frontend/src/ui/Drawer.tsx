import type {ComponentChildren} from 'preact';
import {IconButton} from './controls';

interface DrawerProps {
  /** Words in the head. */
  title: string;
  /** Buttons in the head, before the one that closes. */
  actions?: ComponentChildren;
  onClose: () => void;
  children: ComponentChildren;
}

/** A panel at the right of the view; it pushes the view aside, and floats over it in narrow windows. */
export function Drawer({title, actions, onClose, children}: DrawerProps) {
  return (
    <aside class="drawer" aria-label={title}>
      <header>
        <h2 class="b clip1 sp" title={title}>{title}</h2>
        {actions}
        <IconButton icon="cross" label="Close (Esc)" onClick={onClose} />
      </header>
      <div class="body">{children}</div>
    </aside>
  );
}
