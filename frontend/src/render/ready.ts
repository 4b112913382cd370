import {signal} from '@preact/signals';

/** Whether everything in sight was painted once; what only adds to maps is loaded after that. */
export const painted = signal(false);

/** Cells that are in the page but not painted yet. */
const pending = new Set<object>();
let waiting = new Set<string>(['start']);
let scheduled = false;

/** Whether every cell in the page shows what belongs to the current step. */
export const isReady = (): boolean => pending.size === 0 && waiting.size === 0;

function publish(): void {
  scheduled = false;
  if (isReady() && !painted.value) return sayPainted();
  document.documentElement.toggleAttribute('data-ready', isReady());
}

/** Lets what only adds to maps come, and is ready once that is there too. */
function sayPainted(): void {
  performance.mark('tb_explain.painted');
  painted.value = true;
  schedule();
}

function schedule(): void {
  if (pending.size) document.documentElement.removeAttribute('data-ready');
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(publish);
}

/** Says whether a cell still waits for its data. */
export function setPending(cell: object, on: boolean): void {
  if (on === pending.has(cell)) return;
  if (on) pending.add(cell);
  else pending.delete(cell);
  schedule();
}

/** Says whether a part of the tab (its data, a lazily loaded view) is still on its way. */
export function setWaiting(part: string, on: boolean): void {
  waiting = new Set(waiting);
  if (on) waiting.add(part);
  else waiting.delete(part);
  schedule();
}
