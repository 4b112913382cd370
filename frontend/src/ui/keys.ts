import {headMeant} from '../store/attention';
import {moveExplainer} from '../store/neighbours';
import {closeCell, inspected, mapTag, openCell, sendToCompare, swapSides, togglePin} from '../store/selection';
import {shown} from '../store/runs';
import {follow, goTo, move, setFollow, step} from '../store/time';
import {cells, masks, moveSample, resizeCells, sample, toggleContour, view} from '../store/view';
import {togglePlay} from '../scrubber/player';
import {enterDrawer} from './drawer_focus';
import {helpOpen} from './ViewFrame';

/** Whether single keys do something; switched off in the help. */
const STORED = 'tb_explain.keys';

export function keysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function setKeys(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // The page of another site may refuse storage; the choice then lasts as long as the tab.
  }
}

const far = (event: KeyboardEvent) => (event.shiftKey ? 10 : 1);

interface FocusedCell {
  run: string;
  tag: string;
  sample: number;
  step: number | null;
  map: number | null;
}

/** The cell that has the focus, or else the one in the inspector. */
function cellMeant(): FocusedCell | null {
  const {run, tag, sample: at, at: fixed, map} = document.activeElement?.closest<HTMLElement>('.cell[data-tag]')?.dataset ?? {};
  if (run && tag && at) return {run, tag, sample: Number(at), step: fixed ? Number(fixed) : null, map: Number(map)};
  const open = inspected.peek();
  return open && {run: open.run.run, tag: open.tag.tag, sample: open.sample, step: null, map: null};
}

function send(side: 'a' | 'b'): void {
  const cell = cellMeant();
  if (!cell) return;
  const {run, tag, sample: at, step: fixed} = cell;
  sendToCompare(side, {run, tag, step: fixed ?? step.peek()}, at);
}

/** Pins the sample of the row that has the focus, or else the chosen one. */
function pinMeant(): void {
  const front = shown.peek();
  const at = document.activeElement?.closest<HTMLElement>('[data-sample]')?.dataset['sample'];
  if (front) togglePin(front, at === undefined ? sample.peek() : Number(at));
}

/** Opens the inspector for the focused cell and takes the focus there. */
function openMeant(): void {
  const cell = cellMeant();
  const tag = cell && mapTag(cell.run, cell.tag)?.tag;
  const kind = tag?.kind;
  if (!cell || (kind !== 'attribution' && kind !== 'attention')) return;
  openCell(cell.tag, cell.sample, cell.run, cell.map === null ? {} : headMeant(tag!, cell.map));
  enterDrawer();
}

const ACTIONS: Record<string, (event: KeyboardEvent) => void> = {
  ArrowRight: (event) => move(far(event)),
  ArrowLeft: (event) => move(-far(event)),
  Home: () => goTo(0),
  End: () => goTo(Infinity),
  ' ': togglePlay,
  f: () => setFollow(!follow.peek()),
  '[': () => moveSample(-1),
  ']': () => moveSample(1),
  ',': () => moveSample(-1),
  '.': () => moveSample(1),
  '{': () => moveExplainer(-1),
  '}': () => moveExplainer(1),
  // Brackets and braces need AltGr on many keyboards.
  e: (event) => moveExplainer(event.shiftKey ? -1 : 1),
  Enter: openMeant,
  p: pinMeant,
  a: () => send('a'),
  b: () => send('b'),
  x: swapSides,
  '+': () => resizeCells(1),
  '=': () => resizeCells(1),
  '-': () => resizeCells(-1),
  s: () => (cells.value = !cells.peek()),
  v: () => void import('../store/strongest').then(({readFocused}) => readFocused(), () => undefined),
  c: toggleContour,
  m: () => (masks.value = !masks.peek()),
  o: () => document.documentElement.classList.add('hide-maps'),
  '/': () => document.getElementById('find')?.focus(),
  l: () => document.querySelector<HTMLElement>('#copy-link button')?.click(),
  '?': () => (helpOpen.value = !helpOpen.peek()),
  Escape: () => {
    if (helpOpen.peek()) helpOpen.value = false;
    else closeCell();
  },
};

const FIELDS = 'input:not([type=range]), textarea, select, [contenteditable]';
const OWN_SPACE = 'button, a, [role=option]';
const OWN_ARROWS = '[role=gridcell], [role=slider], input[type=range], [role=listbox] *, [role=treegrid] *, [role=tree] *';

/** Keys that a focused control needs for itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (target.matches(FIELDS)) return true;
  if (event.key === ' ' || event.key === 'Enter') return target.matches(OWN_SPACE);
  return /^(Arrow|Home|End)/.test(event.key) && target.matches(OWN_ARROWS);
}

/** Listens to single keys; `ids` are the views in their order. */
export function listenToKeys(ids: readonly string[]): () => void {
  const down = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const single = event.key.length === 1 && event.key !== ' ';
    if (single && event.key !== '?' && !keysOn()) return;
    const id = ids[Number(event.key) - 1];
    const action = ACTIONS[single ? event.key.toLowerCase() : event.key];
    if (id !== undefined) view.value = id;
    else if (action) action(event);
    else return;
    event.preventDefault();
  };
  const up = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === 'o') document.documentElement.classList.remove('hide-maps');
  };
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  return () => {
    removeEventListener('keydown', down);
    removeEventListener('keyup', up);
  };
}
