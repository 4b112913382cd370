import {useEffect, useRef, useState} from 'preact/hooks';

/** Rows above and below that are ready before they are scrolled into sight; each costs time at every step. */
const SPARE = 1;

interface Window {
  first: number;
  last: number;
}

/** Rows of equal height that are in sight of the scrolling view, and one more at each end. */
export function useVirtualRows(count: number, height: number) {
  const rows = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<Window>({first: 0, last: Math.min(count, Math.ceil(innerHeight / height)) - 1});
  useEffect(() => {
    const view = rows.current?.closest('.view');
    if (!view) return undefined;
    const measure = () => {
      if (!view.clientHeight || !rows.current) return;
      const above = view.getBoundingClientRect().top - rows.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(above / height) - SPARE);
      const last = Math.min(count - 1, Math.ceil((above + view.clientHeight) / height) - 1 + SPARE);
      setRange((now) => (now.first === first && now.last === last ? now : {first, last}));
    };
    measure();
    view.addEventListener('scroll', measure, {passive: true});
    const observer = new ResizeObserver(measure);
    observer.observe(view);
    return () => {
      view.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [count, height]);
  const last = Math.min(range.last, count - 1);
  const space = {paddingTop: range.first * height, paddingBottom: Math.max(0, count - 1 - last) * height};
  return {rows, first: range.first, last, space};
}
