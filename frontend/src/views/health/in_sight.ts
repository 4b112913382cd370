import {useEffect, useRef, useState} from 'preact/hooks';

const AHEAD = '240px';

/** Whether an element is in sight or has been, or soon will be: what is far below waits. */
export function useInSight<T extends HTMLElement>() {
  const box = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {rootMargin: AHEAD});
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [seen]);
  return {box, seen};
}
