import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import type {RunData} from '../api';
import {className, sampleName} from '../store/predictions';
import {pictures} from '../store/tables';
import {moveSample, sample, sampleOrder} from '../store/view';
import {IconButton, SearchField, useDismiss} from './controls';
import {Icon} from './icons';
import css from './sample_menu.css?inline';
import {addStyle} from './style';

addStyle(css);

/** From so many samples on the list can be searched. */
const MANY = 9;

interface Entry {
  sample: number;
  name: string;
  label: string;
}

function entriesOf(run: RunData, chosen: number): Entry[] {
  const count = run.samples?.count ?? 0;
  const order = sampleOrder.value.filter((index) => index < count);
  const all = order.includes(chosen) ? order : Array.from({length: count}, (_, index) => index);
  return all.map((index) => ({sample: index, name: sampleName(run, index), label: className(run, run.samples?.labels[index] ?? null)}));
}

const matches = ({name, label}: Entry, words: string): boolean => `${name} ${label}`.toLowerCase().includes(words.trim().toLowerCase());

/** Where the focus goes from an option of the list or from the field above it. */
function next(key: string, items: readonly HTMLElement[], at: number): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[Math.min(items.length - 1, at + 1)];
  if (key === 'ArrowUp') return items[Math.max(0, at - 1)];
  if (at < 0) return undefined;
  return key === 'Home' ? items[0] : key === 'End' ? items.at(-1) : undefined;
}

interface OptionsProps {
  run: RunData;
  entries: readonly Entry[];
  chosen: number;
  choose: (sample: number) => void;
}

function Options({run, entries, chosen, choose}: OptionsProps) {
  const shots = pictures(run);
  // A list that scrolls needs one option that Tab reaches.
  const stop = Math.max(0, entries.findIndex((entry) => entry.sample === chosen));
  return (
    <div class="rows" role="listbox" aria-label="Samples">
      {entries.map((entry, place) => {
        const address = shots.status === 'ready' ? shots.value.pictures.get(entry.sample) : undefined;
        return (
          <button key={entry.sample} type="button" role="option" tabIndex={place === stop ? 0 : -1} aria-selected={entry.sample === chosen} onClick={() => choose(entry.sample)}>
            {address ? <img src={address} alt="" class={run.samples?.pixelated ? 'raw' : ''} /> : <i class="nopic" />}
            <span class="nm clip1">{entry.name}</span>
            <span class="cap clip1">{entry.label}</span>
          </button>
        );
      })}
    </div>
  );
}

interface MenuProps {
  run: RunData;
  /** The sample that is shown. */
  value: number;
  class?: string;
}

/** Opens and closes the list, and moves the focus in it. */
function useSampleList() {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const area = useDismiss(open, () => setOpen(false));
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const chosen = panel.current?.querySelector<HTMLElement>('[aria-selected=true]');
    chosen?.scrollIntoView({block: 'nearest'});
    (panel.current?.querySelector('input') ?? chosen)?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    setWords('');
    area.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(panel.current?.querySelectorAll<HTMLElement>('[role=option]') ?? [])];
    const target = next(event.key, items, items.indexOf(event.target as HTMLElement));
    if (!open && event.key === 'ArrowDown') setOpen(true);
    else if (open && event.key === 'Enter' && event.target instanceof HTMLInputElement) items[0]?.click();
    else if (open && target) target.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // The field keeps Escape for itself, which empties it first.
  const onKeyDownCapture = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open || words) return;
    event.stopPropagation();
    close();
  };
  return {open, words, setWords, area, panel, close, keys: {onKeyDown, onKeyDownCapture}, toggle: () => (open ? close() : setOpen(true))};
}

/** Chooses a sample from a list with pictures; many can be searched by name and label. */
export function SampleMenu({run, value, class: extra = ''}: MenuProps) {
  const {open, words, setWords, area, panel, close, keys, toggle} = useSampleList();
  const all = entriesOf(run, value);
  const found = all.filter((entry) => matches(entry, words));
  const choose = (index: number) => {
    sample.value = index;
    close();
  };
  return (
    <div class={`menu samplemenu ${extra}`} ref={area} {...keys}>
      <button type="button" class="sel" aria-haspopup="dialog" aria-expanded={open} onClick={toggle}>
        <span class="k">Sample </span>
        <span class="v clip1">{sampleName(run, value)}</span>
        <Icon name="down" />
      </button>
      {open && (
        <div class="panel" role="dialog" aria-label="Choose a sample" ref={panel}>
          {all.length >= MANY && <SearchField label="Find a sample" value={words} onInput={setWords} />}
          <Options run={run} entries={found} chosen={value} choose={choose} />
          {!found.length && <p class="cap none">No sample is called “{words.trim()}”.</p>}
        </div>
      )}
    </div>
  );
}

/** The sample menu between buttons that go to the sample before and after it. */
export function SamplePicker({run, value}: MenuProps) {
  return (
    <>
      <IconButton icon="previous" label="Previous sample ([ or ,)" onClick={() => moveSample(-1)} />
      <SampleMenu run={run} value={value} />
      <IconButton icon="next" label="Next sample (] or .)" onClick={() => moveSample(1)} />
    </>
  );
}
