import {goTo, move, setFollow, follow} from '../store/time';
import {cells, moveSample, resizeCells, view} from '../store/view';
import {togglePlay} from '../scrubber/player';
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

export interface Key {
  /** As it is shown. */
  keys: string[];
  words: string;
}

export const KEYS: readonly Key[] = [
  {keys: ['←', '→'], words: 'Previous, next record; Shift moves by 10'},
  {keys: ['Home', 'End'], words: 'First, latest record'},
  {keys: ['Space'], words: 'Play or pause'},
  {keys: ['F'], words: 'Follow latest'},
  {keys: ['1', '2'], words: 'View'},
  {keys: ['[', ']'], words: 'Previous, next sample'},
  {keys: ['↑', '↓', '←', '→'], words: 'Between cells, once a cell has the focus'},
  {keys: ['+', '−'], words: 'Larger, smaller cells'},
  {keys: ['S'], words: 'Smooth or cells'},
  {keys: ['O'], words: 'Hide the maps while held'},
  {keys: ['/'], words: 'Filter'},
  {keys: ['L'], words: 'Copy link'},
  {keys: ['?'], words: 'This list'},
  {keys: ['Esc'], words: 'Close'},
];

const far = (event: KeyboardEvent) => (event.shiftKey ? 10 : 1);

const ACTIONS: Record<string, (event: KeyboardEvent) => void> = {
  ArrowRight: (event) => move(far(event)),
  ArrowLeft: (event) => move(-far(event)),
  Home: () => goTo(0),
  End: () => goTo(Infinity),
  ' ': togglePlay,
  f: () => setFollow(!follow.peek()),
  '[': () => moveSample(-1),
  ']': () => moveSample(1),
  '+': () => resizeCells(1),
  '=': () => resizeCells(1),
  '-': () => resizeCells(-1),
  s: () => (cells.value = !cells.peek()),
  o: () => document.documentElement.classList.add('hide-maps'),
  '/': () => document.getElementById('find')?.focus(),
  l: () => document.querySelector<HTMLElement>('#copy-link button')?.click(),
  '?': () => (helpOpen.value = !helpOpen.peek()),
  Escape: () => (helpOpen.value = false),
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
