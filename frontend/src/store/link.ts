import {effect, signal, type Signal} from '@preact/signals';
import {encoded, linkTo, navigations, readLink, visible, writeLink} from '../host';

/** Turns a value into text of a deep link and back; `undefined` means "not a value". */
export interface Codec<T> {
  write(value: T): string;
  read(text: string): T | undefined;
}

export const text: Codec<string> = {write: (value) => value, read: (value) => value};
export const flag: Codec<boolean> = {
  write: (value) => (value ? '1' : '0'),
  read: (value) => (value === '1' ? true : value === '0' ? false : undefined),
};

export function number(low = -Infinity, high = Infinity): Codec<number> {
  const read = (value: string) => {
    const parsed = Number(value);
    return value.trim() && Number.isFinite(parsed) && parsed >= low && parsed <= high ? parsed : undefined;
  };
  return {write: String, read};
}

/** A number that counts something. */
export function whole(low = 0): Codec<number> {
  const read = (value: string) => {
    const parsed = number(low).read(value);
    return Number.isSafeInteger(parsed) ? parsed : undefined;
  };
  return {write: String, read};
}

export function oneOf<T extends string>(options: readonly T[]): Codec<T> {
  return {write: String, read: (value) => options.find((option) => option === value)};
}

/** A list of names; names may hold any character. */
export const names: Codec<string[]> = {
  write: (value) => value.map(encoded).join(','),
  read: (value) => {
    try {
      return value ? value.split(',').map(decodeURIComponent) : [];
    } catch {
      return undefined;
    }
  },
};

export function optional<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (value) => (value === null ? '' : codec.write(value)),
    read: (value) => (value === '' ? null : codec.read(value)),
  };
}

interface Entry {
  key: string;
  write(): string | null;
  read(text: string | undefined): void;
}

const entries = signal<Entry[]>([]);

/**
 * Makes a signal that is part of the deep link.
 *
 * A value equal to `initial` is left out of the link. The link is read when the signal is made
 * and whenever the address changes from outside.
 */
export function linked<T>(key: string, initial: T, codec: Codec<T>): Signal<T> {
  const usual = codec.write(initial);
  const state = signal(initial);
  const entry: Entry = {
    key,
    write: () => (codec.write(state.value) === usual ? null : codec.write(state.value)),
    read: (written) => {
      const value = written === undefined ? initial : codec.read(written);
      if (value !== undefined && codec.write(value) !== codec.write(state.peek())) state.value = value;
    },
  };
  entries.value = [...entries.peek(), entry];
  const here = typeof window === 'undefined' ? undefined : readLink()[key];
  if (here !== undefined) entry.read(here);
  return state;
}

/** Keys of all that a link can hold. */
export const linkKeys = (): string[] => entries.peek().map(({key}) => key);

/** The state that a link holds, by key. */
export function linkState(): Record<string, string> {
  const pairs = entries.value.map(({key, write}) => [key, write()] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== null));
}

/** Takes over the state of a link; keys that it leaves out go back to their usual values. */
export function applyLink(state: Record<string, string>): void {
  for (const {key, read} of entries.peek()) read(state[key]);
}

export const currentLink = (): string => linkTo(linkState());

const WRITE_DELAY = 250;

/** Keeps address and state alike; browsers refuse more than some 6 writes per second. */
export function followLink(): () => void {
  let timer = 0;
  const stopWriting = effect(() => {
    const state = linkState();
    clearTimeout(timer);
    if (visible.value) timer = window.setTimeout(() => writeLink(state), WRITE_DELAY);
  });
  const stopReading = effect(() => {
    if (navigations.value) applyLink(readLink());
  });
  return () => {
    clearTimeout(timer);
    stopWriting();
    stopReading();
  };
}
