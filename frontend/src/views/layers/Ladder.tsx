import {effect, untracked, useSignal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import {axisText, axisPositions} from '../../store/time';
import {LadderRow} from './LadderRow';
import type {LayerNode} from './ladder';
import {StripLegend} from './StripLegend';
import {chosen, isFolded, reveal, rows, statistic, statistics, toggleFold} from './model';
import {chooseLayer} from './state';
import {STATISTICS} from './statistics';
import {scrollFor, visibleRange} from './window_rows';

const ROW = 40;
const HEAD = 32;
const FOOT = 40;

/** The layers in the order of execution; only rows in sight are in the page. */
export function Ladder() {
  const box = useRef<HTMLDivElement>(null);
  const view = useSignal({scroll: 0, height: 800});
  useEffect(() => followBox(box.current!, (size) => (view.value = size)), []);
  useEffect(() => followChoice(box.current!), []);
  const list = rows.value;
  const {first, end} = visibleRange(view.value.scroll, view.value.height, ROW, list.length);
  return (
    <div
      class="ladder" ref={box} role="treegrid" aria-label="Layers" aria-rowcount={list.length + 1}
      onKeyDown={onKey}
    >
      <LadderHead />
      <div role="rowgroup" class="lad-body" style={`height:${list.length * ROW}px`}>
        {list.slice(first, end).map((node, index) => (
          <LadderRow node={node} index={first + index} top={(first + index) * ROW} key={node.path} />
        ))}
      </div>
      <StripLegend />
    </div>
  );
}

function LadderHead() {
  const places = axisPositions.value;
  const span = places.length > 1 ? `, ${axisText(places[0]!)}–${axisText(places.at(-1)!)}` : '';
  const {title} = STATISTICS[statistic.value];
  return (
    <div role="rowgroup" class="lad-head">
      <div class="lad h cap" role="row">
        <span role="presentation" />
        <span role="presentation" />
        <span role="columnheader">Layer</span>
        <span role="columnheader" class="opt">Output</span>
        <span role="columnheader" class="opt num">Params</span>
        <span role="columnheader" class="num">Dead</span>
        <span role="columnheader" class="clip1" title={title + span}>{title}<span class="span">{span}</span></span>
      </div>
    </div>
  );
}

function followBox(box: HTMLElement, set: (size: {scroll: number; height: number}) => void): () => void {
  const read = () => set({scroll: box.scrollTop, height: box.clientHeight || 800});
  const observer = new ResizeObserver(read);
  observer.observe(box);
  box.addEventListener('scroll', read, {passive: true});
  return () => {
    observer.disconnect();
    box.removeEventListener('scroll', read);
  };
}

// The chosen layer is scrolled into sight when the choice changes, never when a record arrives.
function followChoice(box: HTMLElement): () => void {
  let last = '';
  return effect(() => {
    const node = chosen.value;
    // The legend below comes with the figures, and takes some room of the last rows.
    const now = `${node?.path} ${statistics.value !== null}`;
    if (!node || now === last) return;
    last = now;
    untracked(() => reveal(node));
    // Unfolding makes the list longer, which the box knows only after the next drawing.
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(box, node)));
  });
}

function scrollTo(box: HTMLElement, node: LayerNode): void {
  const index = rows.peek().findIndex((row) => row.path === node.path);
  const scroll = scrollFor(index, {scroll: box.scrollTop, height: box.clientHeight, head: HEAD, foot: FOOT}, ROW);
  if (index >= 0 && scroll !== null) box.scrollTop = scroll;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.currentTarget instanceof HTMLElement)) return;
  const list = rows.peek();
  const index = list.findIndex((row) => row.path === chosen.peek()?.path);
  const next = keyTarget(event.key, list, index);
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (next === null) return;
  chooseLayer(next.path);
  focusChosen(event.currentTarget);
}

/** The layer a key goes to, `null` if it folded something, `undefined` if it means nothing here. */
function keyTarget(key: string, list: readonly LayerNode[], index: number): LayerNode | null | undefined {
  const node = list[index];
  if (key === 'ArrowDown') return list[Math.min(list.length - 1, index + 1)];
  if (key === 'ArrowUp') return list[Math.max(0, index - 1)];
  if (key === 'Home') return list[0];
  if (key === 'End') return list.at(-1);
  if (key === 'ArrowRight' && node?.children.length) return unfold(node);
  if (key === 'ArrowLeft' && node) return fold(node);
  return undefined;
}

function unfold(node: LayerNode): LayerNode | null {
  if (!isFolded(node)) return node.children[0] ?? null;
  toggleFold(node);
  return null;
}

function fold(node: LayerNode): LayerNode | null | undefined {
  if (node.children.length && !isFolded(node)) {
    toggleFold(node);
    return null;
  }
  return node.parent ?? undefined;
}

// The row of the choice may only now come into the page.
function focusChosen(box: HTMLElement): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => box.querySelector<HTMLElement>('[aria-selected=true]')?.focus()));
}
