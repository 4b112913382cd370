// Where the keyboard goes when a drawer opens and closes.
import {signal} from '@preact/signals';

/** Whether the drawer is to take the focus, because a key opened it. */
const wanted = signal(false);
/** What had the focus before. */
let origin: HTMLElement | null = null;

/** Takes the focus to the drawer, once it is there. */
export function enterDrawer(): void {
  const from = document.activeElement;
  if (from instanceof HTMLElement && !from.closest('.drawer')) origin = from;
  wanted.value = true;
}

/** Gives a drawer the focus if it is wanted; subscribes the caller. */
export function takeFocus(drawer: HTMLElement | null): void {
  if (!wanted.value || !drawer) return;
  wanted.value = false;
  drawer.focus();
}

/** Gives the focus back when the drawer that had it is gone: to its cell, else to where it came from. */
export function returnFocus(cell: HTMLElement | null): void {
  const back = cell ?? (origin?.isConnected ? origin : null) ?? document.querySelector<HTMLElement>('#view .cell[tabindex="0"]');
  origin = null;
  back?.focus();
}
