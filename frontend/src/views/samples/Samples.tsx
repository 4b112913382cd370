import {effect} from '@preact/signals';
import {useEffect, useLayoutEffect} from 'preact/hooks';
import type {RunData} from '../../api';
import {className} from '../../store/predictions';
import {shown} from '../../store/runs';
import {pictures} from '../../store/tables';
import {cellSize, sample, sampleOrder} from '../../store/view';
import {plural} from '../../ui/format';
import {useLazy} from '../../ui/lazy';
import {missingPart} from '../../ui/missing_part';
import {addStyle} from '../../ui/style';
import {ViewFrame} from '../../ui/ViewFrame';
import {useVirtualRows} from '../../ui/virtual';
import {useComplete} from './complete';
import {attentionPart} from './attention_part';
import {followFocus, moveFocus} from './focus';
import {Head} from './Head';
import type {OutcomeFilter} from './order';
import {Row} from './Row';
import {allRows, attentionTags, clearFilters, columns, find, label, outcome, predictions, rows} from './state';
import css from './style.css?inline';
import {MapTools, Tools} from './tools';

const GAP = 12;
/** Below this height a row holds its words on fewer lines. */
const TALLEST_WORDS = 68;

function summary(): string {
  const [all, listed] = [allRows.value, rows.value];
  const wrong = listed.filter(({now}) => now?.correct === false).length;
  const some = all.length === listed.length ? plural(all.length, 'sample') : `${listed.length} of ${all.length}`;
  const judged = listed.some(({now}) => now !== null && now.correct !== null);
  return judged ? `${some} · ${wrong} wrong` : some;
}

const NO_MATCH: Record<OutcomeFilter, string> = {
  any: '', right: 'right', wrong: 'wrong', reason: 'right for the wrong reason', flipped: 'freshly flipped', forgotten: 'forgotten', changed: 'ever changed',
};

function NoMatch({run}: {run: RunData}) {
  const state = NO_MATCH[outcome.value];
  const kind = label.value === null ? '' : `of class “${className(run, label.value)}”`;
  const words = find.value.trim() ? `like “${find.value.trim()}”` : '';
  return (
    <div class="nomatch">
      <span>No sample is {[state, kind, words].filter(Boolean).join(' and ')}.</span>
      <button type="button" class="btn line" onClick={clearFilters}>Clear filters</button>
    </div>
  );
}

/** Smaller cells leave fewer lines for words, and the smallest none for badges. */
function matrixClass(size: number): string {
  return ['matrix', size < 112 ? 'snug' : '', size < 96 ? 'tight' : ''].filter(Boolean).join(' ');
}

function Matrix({run}: {run: RunData}) {
  const isComplete = useComplete(run);
  const list = rows.value;
  const height = Math.max(cellSize.value, TALLEST_WORDS) + GAP;
  const {rows: group, first, last, space} = useVirtualRows(list.length, height);
  const shots = pictures(run);
  const known = predictions.value;
  const visible = isComplete ? list.slice(first, last + 1) : [];
  useEffect(() => effect(() => keepInSight(group.current, sample.value, height)), [height]);
  return (
    <div class={matrixClass(cellSize.value)} role="grid" aria-label="Explanations by sample and explainer" aria-rowcount={list.length + 1} style={{'--cols': columns.value.length + (missingPart.now.value?.missingColumns() ?? 0), '--row': `${height}px`}} onKeyDown={moveFocus} onFocusIn={followFocus}>
      <Head run={run} columns={columns.value} visible={visible.map((row) => row.sample)} summary={summary()} known={known} />
      <div role="rowgroup" ref={group} style={space}>
        {visible.map((row, i) => (
          <Row key={row.sample} run={run} row={row} index={first + i} columns={columns.value} known={known} picture={shots.status === 'ready' ? shots.value.pictures.get(row.sample) : undefined} />
        ))}
      </div>
      {!list.length && <NoMatch run={run} />}
    </div>
  );
}

let lastChosen: number | null = null;

/** Scrolls to the chosen sample when another one is chosen, and at no other time. */
function keepInSight(group: HTMLElement | null, chosen: number, height: number): void {
  const moved = lastChosen !== null && lastChosen !== chosen;
  lastChosen = chosen;
  const view = group?.closest('.view');
  const place = rows.peek().findIndex((row) => row.sample === chosen);
  if (!moved || !group || !view || place < 0) return;
  const head = group.offsetTop;
  const top = place * height;
  if (top < view.scrollTop) view.scrollTop = top;
  else if (top + height + head > view.scrollTop + view.clientHeight) view.scrollTop = top + height + head - view.clientHeight;
}

function Empty() {
  const Loaded = useLazy('no samples', () => import('./NoSamples'));
  return typeof Loaded === 'string' ? null : <Loaded />;
}

export default function Samples() {
  const run = shown.value;
  useLayoutEffect(() => addStyle(css), []);
  useEffect(() => effect(() => void (attentionTags.value.length && attentionPart.need())), []);
  useEffect(() => effect(() => void (sampleOrder.value = rows.value.map((row) => row.sample))), []);
  if (!run) return null;
  const isEmpty = !run.samples;
  return (
    <ViewFrame title="Samples" tools={isEmpty ? <span class="b">Samples</span> : <Tools />} ends={isEmpty ? null : <MapTools />}>
      {isEmpty ? (
        <Empty />
      ) : (
        <Matrix run={run} />
      )}
    </ViewFrame>
  );
}
