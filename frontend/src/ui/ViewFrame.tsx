import {signal} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {useRef, useState} from 'preact/hooks';
import {currentLink} from '../store/link';
import {shown} from '../store/runs';
import {Banners} from './Banners';
import {IconButton, useDismiss} from './controls';
import {ExportButton} from './ExportButton';
import {outlines} from './outlines';
import {usePlace} from './place';

/** Whether the list of keys is open. */
export const helpOpen = signal(false);

interface ViewFrameProps {
  title: string;
  /** Controls at the left end of the toolbar. */
  tools?: ComponentChildren;
  /** Controls at the right end, before link and help. */
  ends?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}

/** Toolbar and content of a view. */
export function ViewFrame({title, tools, ends, children, class: extra = ''}: ViewFrameProps) {
  return (
    <main class="frame" aria-label={title}>
      <h1 class="sr">{title}</h1>
      <div class="bar" role="toolbar" aria-label={title}>
        {tools}
        <span class="sp" />
        {ends && outlines.value && <outlines.value.OutlineKey run={shown.value} />}
        {ends}
        <span class="vr" />
        {ends && <ExportButton />}
        <LinkButton />
        <IconButton icon="help" label="Keys and help (?)" pressed={helpOpen.value} onClick={() => (helpOpen.value = !helpOpen.peek())} />
      </div>
      <div class="content">
        <Banners />
        <div class={`view ${extra}`} id="view">
          {children}
        </div>
      </div>
    </main>
  );
}

type Copying = 'idle' | 'copied' | 'refused';

/** Copies the link to what is shown; where the clipboard is refused, the link stands selected. */
export function LinkButton() {
  const [state, setState] = useState<Copying>('idle');
  const area = useDismiss(state === 'refused', () => setState('idle'));
  usePlace(state === 'refused', area);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(currentLink());
      setState('copied');
      setTimeout(() => setState('idle'), 2000);
    } catch {
      setState('refused');
      requestAnimationFrame(() => field.current?.select());
    }
  };
  return (
    <div class="menu end" ref={area} id="copy-link">
      <IconButton icon={state === 'copied' ? 'check' : 'link'} label={state === 'copied' ? 'Link copied' : 'Copy link (L)'} onClick={() => void copy()} />
      <span class="sr" role="status">{state === 'copied' ? 'Link copied' : ''}</span>
      {state === 'refused' && (
        <div class="panel pad" role="dialog" aria-label="Link">
          <label class="cap">
            Select and copy:
            <input ref={field} class="line" readOnly value={currentLink()} />
          </label>
        </div>
      )}
    </div>
  );
}
