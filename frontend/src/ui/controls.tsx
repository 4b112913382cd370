import type {ComponentChildren} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {Icon, type IconName} from './icons';
import {usePlace} from './place';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  pressed?: boolean | undefined;
  disabled?: boolean;
}

export function IconButton({icon, label, onClick, pressed, disabled = false}: IconButtonProps) {
  return (
    <button type="button" class="btn icon" aria-label={label} title={label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

export interface Option<T> {
  value: T;
  label: string;
  /** Why the option cannot be chosen. */
  refused?: string | undefined;
}

interface SegmentsProps<T> {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  small?: boolean;
}

/** A few choices side by side, of which one is pressed. */
export function Segments<T>({label, options, value, onChange, small = false}: SegmentsProps<T>) {
  return (
    <span class={small ? 'seg sm' : 'seg'} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.label}
          type="button"
          aria-pressed={option.value === value}
          disabled={option.refused !== undefined}
          title={option.refused}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}

interface SwitchProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  title?: string;
}

export function Switch({label, on, onChange, title}: SwitchProps) {
  return (
    <button type="button" class={on ? 'switch cap on' : 'switch cap'} role="switch" aria-checked={on} title={title} onClick={() => onChange(!on)}>
      <i />
      {label}
    </button>
  );
}

interface SliderProps {
  label: string;
  value: number;
  low?: number;
  high: number;
  step: number;
  text: string;
  onInput: (value: number) => void;
}

export function Slider({label, value, low = 0, high, step, text, onInput}: SliderProps) {
  const share = (value - low) / (high - low);
  return (
    <input
      type="range"
      class="range"
      aria-label={label}
      aria-valuetext={text}
      title={`${label}: ${text}`}
      min={low}
      max={high}
      step={step}
      value={value}
      style={{'--v': `${share * 100}%`}}
      onInput={(event) => onInput(Number(event.currentTarget.value))}
    />
  );
}

interface CheckProps {
  label: string;
  on: boolean;
  colour?: string;
  onChange: () => void;
}

/** A check box in a colour of its own. */
export function Check({label, on, colour, onChange}: CheckProps) {
  return (
    <button type="button" class={on ? 'box on' : 'box'} role="checkbox" aria-checked={on} aria-label={label} style={colour ? {'--c': colour} : undefined} onClick={onChange}>
      {on && <Icon name="check" />}
    </button>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  id?: string;
  /** What can be written. */
  title?: string;
}

/** A field that filters as one types; Esc empties it. */
export function SearchField({label, value, onInput, id, title}: FieldProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (value) onInput('');
    else (event.currentTarget as HTMLElement).blur();
  };
  return (
    <label class="find" title={title}>
      <Icon name="search" small />
      <input id={id} type="search" aria-label={label} placeholder={label} value={value} spellcheck={false} onInput={(event) => onInput(event.currentTarget.value)} onKeyDown={onKeyDown} />
    </label>
  );
}

/** Closes something when the pointer or the keyboard goes elsewhere. */
export function useDismiss(open: boolean, close: () => void) {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: Event) => {
      if (!area.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('focusin', onPointer);
    window.addEventListener('blur', close);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('focusin', onPointer);
      window.removeEventListener('blur', close);
    };
  }, [open]);
  return area;
}

interface PopoverProps {
  label: string;
  icon: IconName;
  children: ComponentChildren;
  class?: string;
  /** What the button shows in the place of its icon. */
  face?: ComponentChildren;
  /** What the button tells beside its name; its name by default. */
  title?: string;
}

/** A button with a panel below it. */
export function Popover({label, icon, children, class: extra = '', face, title = label}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const area = useDismiss(open, () => setOpen(false));
  usePlace(open, area);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    area.current?.querySelector('button')?.focus();
  };
  return (
    <div class={`menu ${extra}`} ref={area} onKeyDown={onKeyDown}>
      <button type="button" class={face ? 'faced' : 'btn icon'} aria-label={label} title={title} aria-expanded={open} onClick={() => setOpen(!open)}>
        {face ?? <Icon name={icon} />}
      </button>
      {open && <div class="panel" role="dialog" aria-label={label}>{children}</div>}
    </div>
  );
}
