import {signal, type ReadonlySignal} from '@preact/signals';

const PREFIX = 'p.tb_explain.';

const darkSignal = signal(false);
const visibleSignal = signal(true);
const reloadSignal = signal(0);
const navigationSignal = signal(0);
const tensorboardRuns = signal<string[]>([]);

/** Whether TensorBoard shows its dark theme. */
export const dark: ReadonlySignal<boolean> = darkSignal;
/** Whether the tab has a size; TensorBoard keeps hidden tabs alive at height 0. */
export const visible: ReadonlySignal<boolean> = visibleSignal;
/** Counts how often TensorBoard said that it reloaded its data. */
export const reloads: ReadonlySignal<number> = reloadSignal;
/** Counts changes of the address that this tab did not make. */
export const navigations: ReadonlySignal<number> = navigationSignal;
/** Names of all runs in TensorBoard's order, which decides their colours. */
export const hostRuns: ReadonlySignal<string[]> = tensorboardRuns;

/** TensorBoard's window, or this one where a page of another site holds the tab. */
function hostWindow(): Window {
  try {
    void window.parent.location.href;
    return window.parent;
  } catch {
    return window;
  }
}

function parts(): string[] {
  return hostWindow().location.hash.slice(1).split('&').filter(Boolean);
}

const ours = (first = '') => first === 'tb_explain' || first === '' || first.includes('=');

/** Reads the part of the address that belongs to this tab. */
export function readLink(): Record<string, string> {
  const own = parts().filter((part) => part.startsWith(PREFIX) && part.includes('='));
  return Object.fromEntries(
    own.map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(PREFIX.length, equals), decode(part.slice(equals + 1))];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Text as a part of a link; half of a character, which no link can hold, becomes a mark. */
export const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

function hashWith(state: Record<string, string>): string {
  const others = parts().filter((part) => !part.startsWith(PREFIX));
  const own = Object.entries(state).map(
    ([key, value]) => `${PREFIX}${key}=${encoded(value)}`,
  );
  return `#${[...others, ...own].join('&')}`;
}

/** Writes the part of the address that belongs to this tab, without an entry in the history. */
export function writeLink(state: Record<string, string>): void {
  const host = hostWindow();
  const hash = hashWith(state);
  if (hash === host.location.hash || (hash === '#' && !host.location.hash)) return;
  host.history.replaceState(host.history.state, '', hash);
}

/** Address of the page that shows this tab in this state. */
export function linkTo(state: Record<string, string>): string {
  const {origin, pathname, search} = hostWindow().location;
  return `${origin}${pathname}${search}${hashWith(state)}`;
}

function watchTheme(host: Window): void {
  const embedded = host !== window;
  const preference = matchMedia('(prefers-color-scheme: dark)');
  const read = () => {
    darkSignal.value = embedded
      ? host.document.body.classList.contains('dark-mode')
      : preference.matches;
  };
  read();
  if (!embedded) preference.addEventListener('change', read);
  else {
    const options = {attributes: true, attributeFilter: ['class']};
    new MutationObserver(read).observe(host.document.body, options);
  }
}

function watchSize(): void {
  const read = () => (visibleSignal.value = window.innerHeight > 0 && !document.hidden);
  read();
  window.addEventListener('resize', read);
  document.addEventListener('visibilitychange', read);
}

interface Message {
  type: string;
  id: number;
  payload: unknown;
  isReply: boolean;
}

/** Speaks TensorBoard's plugin protocol: JSON strings over a port that the guest makes. */
function connectPort(): void {
  const {port1, port2} = new MessageChannel();
  const ask = () =>
    port1.postMessage(
      JSON.stringify({type: 'experimental.GetRuns', id: 1, payload: null, error: null, isReply: false}),
    );
  port1.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as Message;
    if (message.isReply) {
      if (Array.isArray(message.payload)) tensorboardRuns.value = message.payload.map(String);
      return;
    }
    if (message.type === 'experimental.DataReloaded') reloadSignal.value += 1;
    if (message.type === 'experimental.RunsChanged') ask();
    const reply = {type: message.type, id: message.id, payload: null, error: null, isReply: true};
    port1.postMessage(JSON.stringify(reply));
  };
  window.parent.postMessage('experimental.bootstrap', '*', [port2]);
  ask();
}

/** Starts to follow TensorBoard: theme, size, address, reloads, runs. */
export function connectHost(): void {
  const host = hostWindow();
  watchTheme(host);
  watchSize();
  host.addEventListener('hashchange', () => {
    if (ours(parts()[0])) navigationSignal.value += 1;
  });
  if (window.parent !== window) connectPort();
}

/** Takes the keyboard unless TensorBoard's own fields have it. */
export function takeKeyboard(): void {
  const focused = hostWindow().document.activeElement;
  if (focused instanceof HTMLElement && focused.matches('input, textarea, select')) return;
  if (document.activeElement === document.body || !document.hasFocus()) window.focus();
}
