import {useEffect, useRef, useState} from 'preact/hooks';
import {setPending} from '../../render/ready';

const AHEAD = '240px';

/**
 * Whether an element is in sight or has been, or soon will be: what is far below waits.
 *
 * Until that is known, and what is in sight has begun to load, the page is not ready.
 */
export function useInSight<T extends HTMLElement>() {
  const box = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return undefined;
    const token = {};
    setPending(token, true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
        else setPending(token, false);
      },
      {rootMargin: AHEAD},
    );
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      setPending(token, false);
    };
  }, [seen]);
  return {box, seen};
}
