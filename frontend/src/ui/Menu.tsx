import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {useDismiss, type Option} from './controls';
import {Icon} from './icons';
import {usePlace} from './place';

interface MenuProps<T> {
  /** Grey word before the choice; also the name of the menu. */
  label: string;
  /** Whether the word stands before the choice. */
  showLabel?: boolean;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  /** Whether the choice is not the usual one, such as a filter that is on. */
  changed?: boolean;
  /** What the button shows of the choice; its label by default. */
  shown?: string;
  class?: string;
}

const MOVES: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Opens and closes the list, and moves the focus in it. */
function useList() {
  const [open, setOpen] = useState(false);
  const area = useDismiss(open, () => setOpen(false));
  const list = useRef<HTMLDivElement>(null);
  usePlace(open, area);
  useLayoutEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[role=option][tabindex="0"]')?.focus();
  }, [open]);
  const close = () => {
    setOpen(false);
    area.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role=option]') ?? [])];
    const move = MOVES[event.key];
    if (!open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) setOpen(true);
    else if (open && event.key === 'Escape') close();
    else if (open && move) items[move(items.indexOf(event.target as HTMLElement), items.length - 1)]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {open, area, list, close, onKeyDown, toggle: () => setOpen(!open)};
}

function Item<T>({option, isChosen, isStop, onClick}: {option: Option<T>; isChosen: boolean; isStop: boolean; onClick: () => void}) {
  const isRefused = option.refused !== undefined;
  return (
    <button type="button" role="option" tabIndex={isStop ? 0 : -1} aria-selected={isChosen} disabled={isRefused} title={option.refused} onClick={onClick}>
      <Icon name="check" small />
      <span>{option.label}</span>
    </button>
  );
}

/** A choice from a list that opens below its button. */
export function Menu<T>(props: MenuProps<T>) {
  const {label, showLabel = true, options, value, onChange, changed = false, shown, class: extra = ''} = props;
  const {open, area, list, close, onKeyDown, toggle} = useList();
  const choose = (option: Option<T>) => {
    onChange(option.value);
    close();
  };
  // A list that scrolls needs one option that Tab reaches.
  const stop = Math.max(0, options.findIndex((option) => option.value === value));
  return (
    <div class={`menu ${extra}`} ref={area} onKeyDown={onKeyDown}>
      <button type="button" class={changed ? 'sel set' : 'sel'} aria-haspopup="listbox" aria-expanded={open} onClick={toggle}>
        <span class={showLabel ? 'k' : 'sr'}>{label} </span>
        <span class="v clip1">{shown ?? options.find((option) => option.value === value)?.label}</span>
        <Icon name="down" />
      </button>
      {open && (
        <div class="panel list" role="listbox" aria-label={label} ref={list}>
          {options.map((option, place) => (
            <Item key={option.label} option={option} isChosen={option.value === value} isStop={place === stop} onClick={() => choose(option)} />
          ))}
        </div>
      )}
    </div>
  );
}
