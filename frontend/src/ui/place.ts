// Where a panel opens: below its button where there is room, above or to the other side where there is none.
import {useLayoutEffect} from 'preact/hooks';

const GAP = 4;
const EDGE = 8;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Wish {
  /** Whether the right edges of button and panel meet. */
  end: boolean;
  up: boolean;
}

/** Place of a panel of a size beside its button, in a window. */
export function placeOf(
  button: Box, panel: {width: number; height: number}, page: {width: number; height: number}, {end, up}: Wish,
): {left: number; top: number; height: number} {
  const wanted = end ? button.right - panel.width : button.left;
  const left = Math.max(EDGE, Math.min(wanted, page.width - panel.width - EDGE));
  const above = button.top - GAP - EDGE;
  const below = page.height - button.bottom - GAP - EDGE;
  const fits = panel.height <= (up ? above : below);
  const isUp = fits ? up : above > below;
  const height = Math.min(panel.height, isUp ? above : below);
  return {left, top: isUp ? button.top - GAP - height : button.bottom + GAP, height};
}

function put(area: HTMLElement, panel: HTMLElement): void {
  const button = area.querySelector('button')!.getBoundingClientRect();
  panel.style.maxHeight = '';
  const {width, height} = panel.getBoundingClientRect();
  const wish = {end: area.classList.contains('end'), up: area.classList.contains('up')};
  const place = placeOf(button, {width, height}, {width: innerWidth, height: innerHeight}, wish);
  Object.assign(panel.style, {left: `${place.left}px`, top: `${place.top}px`});
  if (place.height < height) panel.style.maxHeight = `${place.height}px`;
}

/** Shows the panel of an open menu above everything else and within the window. */
export function usePlace(open: boolean, area: {current: HTMLElement | null}): void {
  useLayoutEffect(() => {
    const box = area.current;
    const panel = box?.querySelector<HTMLElement>(':scope > .panel');
    if (!open || !box || !panel?.showPopover || box.classList.contains('fly')) return undefined;
    panel.popover = 'manual';
    panel.showPopover();
    const follow = () => put(box, panel);
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(panel);
    addEventListener('resize', follow);
    addEventListener('scroll', follow, true);
    return () => {
      observer.disconnect();
      removeEventListener('resize', follow);
      removeEventListener('scroll', follow, true);
    };
  }, [open]);
}
