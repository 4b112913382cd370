import type {RefObject} from 'preact';
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';

const SPARE = 2;

interface Range {
  first: number;
  last: number;
}

/** Part of the rows that is in sight of the list and of the view around it. */
function inSight(box: HTMLElement, rows: HTMLElement, height: number, count: number): Range | null {
  const view = box.closest('.view');
  if (!view?.clientHeight) return null;
  const [outer, inner, own] = [view, box, rows].map((element) => element.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect];
  const top = Math.max(outer.top, inner.top) - own.top;
  const bottom = Math.min(outer.bottom, inner.bottom) - own.top;
  return rowsWithin(top, bottom, height, count);
}

/** Rows between two places of the list; none where it is out of sight. */
export function rowsWithin(top: number, bottom: number, height: number, count: number): Range {
  if (bottom <= top) return {first: 0, last: -1};
  const first = Math.max(0, Math.floor(top / height) - SPARE);
  return {first: Math.min(first, Math.max(0, count - 1)), last: Math.min(count - 1, Math.ceil(bottom / height) + SPARE)};
}

/**
 * Rows of equal height that are in sight; the list scrolls by itself or, in narrow windows, with
 * the view. The chosen row is scrolled to on each new occasion, such as another one being chosen.
 */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, height: number, chosen: number, occasion: string) {
  const rows = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<Range>({first: 0, last: Math.min(count, 12) - 1});
  useLayoutEffect(() => {
    const view = box.current?.closest('.view');
    if (!view) return undefined;
    const measure = () => {
      const next = rows.current && inSight(box.current!, rows.current, height, count);
      if (next) setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
    };
    measure();
    view.addEventListener('scroll', measure, {passive: true, capture: true});
    const observer = new ResizeObserver(measure);
    observer.observe(view);
    observer.observe(box.current!);
    return () => {
      view.removeEventListener('scroll', measure, {capture: true});
      observer.disconnect();
    };
  }, [count, height]);
  // A row that moves because the list is sorted anew is not followed: nobody asked for that.
  useEffect(() => keepInSight(box.current, rows.current, chosen, height), [occasion, count > 0]);
  return {rows, first: range.first, last: Math.min(range.last, count - 1)};
}

/** Scrolls the list to a row: just as far as needed for the next one, to its middle for one far away. */
function keepInSight(box: HTMLElement | null, rows: HTMLElement | null, chosen: number, height: number): void {
  if (!box || !rows || chosen < 0 || box.scrollHeight <= box.clientHeight) return;
  const room = box.clientHeight - rows.offsetTop;
  const top = chosen * height;
  const below = top + height - room;
  if (top >= box.scrollTop && below <= box.scrollTop) return;
  const near = Math.min(Math.abs(top - box.scrollTop), Math.abs(below - box.scrollTop)) <= height;
  box.scrollTop = near ? (top < box.scrollTop ? top : below) : top - (room - height) / 2;
}
