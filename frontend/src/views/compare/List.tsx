import {effect, type ReadonlySignal} from '@preact/signals';
import {memo} from 'preact/compat';
import {useEffect, useRef} from 'preact/hooks';
import {showRun} from '../../store/runs';
import {sampleName} from '../../store/predictions';
import {pictures} from '../../store/tables';
import {sample as chosenSample, sampleOrder} from '../../store/view';
import {Fit, pictureProportion} from '../../ui/Fit';
import {Icon} from '../../ui/icons';
import {Menu} from '../../ui/Menu';
import {Picture} from '../../ui/Picture';
import {plural} from '../../ui/format';
import {allFigures, areFresh, ranked} from './all_figures';
import {Reasons} from './Reasons';
import {listRows, ROW, type ListRow} from './rows';
import {useComputedOf, usePaintRow} from './painting';
import {chosenMatch, matches, unmatched, type ChosenSide} from './sides';
import {order, ORDERS, type Order} from './state';
import {useWindow} from './use_window';
import {isMoved, movedTitle, movedWords} from './verdict';
import {changeWords, column, ORDER_LABELS} from './words';

interface ListProps {
  a: ChosenSide;
  b: ChosenSide;
}

function summary(): string {
  const [both, {a, b}] = [matches.value.length, unmatched.value];
  const first = ranked.value.length < both ? [`figures of the first ${ranked.value.length}`] : [];
  if (!a && !b) return [plural(both, 'sample'), ...first].join(', ');
  const only = [a ? `${a} only in A` : '', b ? `${b} only in B` : ''].filter(Boolean);
  return [`${both} matched`, ...only, ...first].join(', ');
}

const OPTIONS = ORDERS.map((value) => ({value, label: ORDER_LABELS[value]}));

/** Shows a sample; one that the shown run does not have is shown with its own run. */
function show({match}: ListRow, {run}: ChosenSide): void {
  if (match.shown === null) showRun(run);
  chosenSample.value = match.shown ?? match.a;
}

const MOVES: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
  PageDown: (at, last) => Math.min(last, at + 8),
  PageUp: (at) => Math.max(0, at - 8),
};

/** All samples that both sides have, those that differ most first. */
export function List({a, b}: ListProps) {
  const list = listRows.value;
  const chosen = list.findIndex(({match}) => match.a === chosenMatch.value?.a);
  const box = useRef<HTMLElement>(null);
  const isFound = allFigures.value.size > 0;
  const {rows, first, last} = useWindow(box, list.length, ROW, chosen, `${chosenMatch.value?.a} ${order.value} ${isFound}`);
  useEffect(() => effect(() => void (sampleOrder.value = listRows.value.flatMap(({match}) => match.shown ?? []))), []);
  useEffect(() => effect(() => void box.current?.toggleAttribute('data-stale', !areFresh.value)), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    const next = move && list[move(chosen, list.length - 1)];
    if (!next) return;
    show(next, a);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="list" aria-label="All samples" ref={box}>
      <header>
        <h2>
          <span class="b">All samples</span>
          <span class="cap clip1" title={summary()}>{summary()}</span>
        </h2>
        <Menu<Order> class="end" label="Sort" options={OPTIONS} value={order.value} onChange={(value) => (order.value = value)} />
        <Reasons a={a} b={b} />
      </header>
      <div class="lrows" ref={rows} role="listbox" aria-label="Samples" tabIndex={0} aria-activedescendant={chosen >= first && chosen <= last ? `compared-${list[chosen]!.match.a}` : undefined} style={{height: list.length * ROW}} onKeyDown={onKeyDown}>
        {list.slice(first, last + 1).map((row, i) => (
          <Row key={row.match.a} {...{a, b, row}} top={(first + i) * ROW} isChosen={first + i === chosen} place={first + i} count={list.length} />
        ))}
      </div>
    </section>
  );
}

interface RowProps extends ListProps {
  row: ListRow;
  top: number;
  isChosen: boolean;
  place: number;
  count: number;
}

/** The figure by which the list is sorted, as long as it is one of the maps in sight. */
function RowFigure({row}: {row: ListRow}) {
  const by = order.value === 'name' ? 'drift' : order.value;
  const value = allFigures.value.get(row.match.a)?.[by] ?? null;
  return (
    <span class="num figure">
      {column(value)}
      <span class="meter" style={{'--v': `${100 * Math.min(1, Math.max(0, value ?? 0))}%`}}><i /></span>
    </span>
  );
}

/** What changed in words: the prediction, or the reason for it. */
function Caption({row: {match}, words}: {row: ListRow; words: ReadonlySignal<string>}) {
  const figures = allFigures.value.get(match.a);
  if (!isMoved(figures?.verdict)) return <span class="cap clip1">{words}</span>;
  return (
    <span class="cap moved" title={movedTitle(figures!.verdict)}>
      <Icon name="warning" small />
      <span class="sr">Reason moved: </span>
      <span class="clip1">{movedWords(figures!.verdict)}</span>
    </span>
  );
}

interface ThumbProps {
  class: string;
  address: string | undefined;
  pixelated: boolean;
  /** Proportion of the picture. */
  of: number;
}

function Thumb({class: name, address, pixelated, of}: ThumbProps) {
  return (
    <span class={`cell ${name} ${address ? 'map' : 'solid'}`} aria-hidden="true">
      <Fit of={of}>
        {address && <Picture grey address={address} pixelated={pixelated} />}
        <canvas />
      </Fit>
    </span>
  );
}

const Row = memo(function Row({a, b, row, top, isChosen, place, count}: RowProps) {
  const line = useRef<HTMLDivElement>(null);
  const {match, name, label} = row;
  const of = pictureProportion(a.data);
  const [ofA, ofB] = [pictures(a.data), pictures(b.data)];
  const [shotA, shotB] = [
    ofA.status === 'ready' ? ofA.value.pictures.get(match.a) : undefined,
    ofB.status === 'ready' ? ofB.value.pictures.get(match.b) : undefined,
  ];
  usePaintRow(line, a, b, match, !shotA);
  const words = useComputedOf(() => changeWords(a, b, match.a, match.b), [a, b, match]);
  const title = order.value === 'name' || !label ? name : label;
  const pixelated = a.data.samples?.pixelated ?? false;
  return (
    <div ref={line} id={`compared-${match.a}`} class={isChosen ? 'lrow on' : 'lrow'} role="option" aria-selected={isChosen} aria-posinset={place + 1} aria-setsize={count} data-sample={match.a} title={[name, label, sampleName(b.data, match.b) === name ? '' : `in B: ${sampleName(b.data, match.b)}`].filter(Boolean).join('\n')} style={{top: `${top}px`, height: `${ROW}px`}} onClick={() => show(row, a)}>
      <Thumb class="ta" address={shotA} pixelated={pixelated} of={of} />
      <Thumb class="tb" address={shotB} pixelated={pixelated} of={of} />
      <Thumb class="td" address={shotA} pixelated={pixelated} of={of} />
      <span class="who">
        <span class={isChosen ? 'clip1 b' : 'clip1'}>{title}</span>
        <Caption row={row} words={words} />
      </span>
      <RowFigure row={row} />
    </div>
  );
});
