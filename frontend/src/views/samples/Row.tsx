import {useMemo} from 'preact/hooks';
import type {RunData} from '../../api';
import {MapCell} from '../../ui/Cell';
import {Icon} from '../../ui/icons';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {probability, figure} from '../../ui/format';
import {queryOf, shownMap} from '../../store/attention';
import {className, type Outcome, type Predictions} from '../../store/predictions';
import {point, unpoint} from '../../store/pointer';
import {step, stepText} from '../../store/time';
import {sample as chosenSample} from '../../store/view';
import type {ExplainerEntry} from '../../store/explainers';
import type {MapTag} from '../../api';
import {choiceWords, patchOf} from './attention_words';
import {figureWords} from './figure_words';
import {focusedColumn} from './focus';
import {targetBadge} from './target_badge';
import {changedAt, changes, flippedAt} from './outcomes';
import type {Row as RowData} from './order';
import {sort} from './state';
import {Timeline} from './Timeline';

export interface Column {
  tag: MapTag;
  explainer: ExplainerEntry;
}

function Prediction({run, now}: {run: RunData; now: Outcome}) {
  const words = now.predicted === null ? 'score' : className(run, now.predicted);
  const value = now.predicted === null ? now.score : now.probability;
  const kind = now.correct === null ? 'pred' : now.correct ? 'pred ok' : 'pred no';
  return (
    <div class={kind} title={now.predicted === null ? undefined : `predicted ${words}`}>
      {now.correct !== null && <Icon name={now.correct ? 'check' : 'cross'} />}
      {now.correct !== null && <span class="sr">{now.correct ? 'right: ' : 'wrong: '}</span>}
      <span class="clip1">{words}</span>
      {value !== null && <span class="p">{now.predicted === null ? figure(value) : probability(value)}</span>}
    </div>
  );
}

function Tags({row, known, record}: {row: RowData; known: Predictions; record: number}) {
  const flipped = flippedAt(row.history, record);
  if (flipped !== null) {
    return <span class="tag wrong"><Icon name="flip" />Flipped at {stepText(known.steps[flipped]!)}</span>;
  }
  const changed = row.label === null ? changedAt(row.history, record) : null;
  if (changed === null) return null;
  return <span class="tag"><Icon name="flip" />Changed at {stepText(known.steps[changed]!)}</span>;
}

/** Name, label and what the model says now. */
function Who({run, row, known}: {run: RunData; row: RowData; known: Predictions | null}) {
  const record = known?.recordAt(step.value) ?? -1;
  const now = known && record >= 0 ? known.outcome(record, row.sample) : null;
  const count = sort.value === 'changes' ? ` · ${changes(row.history)} changes` : '';
  return (
    <div class="who" role="rowheader">
      <button type="button" class="id cap" title={row.name} aria-pressed={chosenSample.value === row.sample}>
        <span class="clip1">{row.name}{count}</span>
      </button>
      {row.label !== null && <div class="b label" title={row.labelName}>{row.labelName}</div>}
      {now && <Prediction run={run} now={now} />}
      <div class="tags">{known && record >= 0 && <Tags row={row} known={known} record={record} />}</div>
    </div>
  );
}

function Input({run, row, picture, pixelated, tabIndex}: {run: RunData; row: RowData; picture: string | undefined; pixelated: boolean; tabIndex: number}) {
  if (!picture) return <div class="cell msg" role="gridcell" tabIndex={tabIndex} aria-label={`Input, ${row.name}: not stored`}>Picture not stored</div>;
  return (
    <div class="cell" role="gridcell" tabIndex={tabIndex} aria-label={`Input, ${row.name}`}>
      <Picture address={picture} pixelated={pixelated} />
      <ObjectOutline run={run} sample={row.sample} />
      <Reticle sample={row.sample} at={null} />
    </div>
  );
}

interface RowProps {
  run: RunData;
  row: RowData;
  /** Place among all rows, from 0. */
  index: number;
  columns: readonly Column[];
  known: Predictions | null;
  picture: string | undefined;
}

function MapColumn({run, row, column: {tag, explainer}, picture, tabIndex}: RowProps & {column: Column; tabIndex: number}) {
  const map = shownMap(tag, row.sample);
  const badge = useMemo(() => targetBadge(run, tag, map, row.label), [run, tag, map, row.label]);
  const pixelated = run.samples?.pixelated ?? false;
  const choice = choiceWords(tag);
  const name = [explainer.title, choice, row.name, row.labelName].filter(Boolean).join(', ');
  return (
    <MapCell run={run} tag={tag} map={map} name={name} sample={row.sample} picture={picture} pixelated={pixelated} solid={!picture} details={figureWords} {...(badge && {badge})} role="gridcell" tabIndex={tabIndex}>
      {tag.kind === 'attention' && <QueryMark tag={tag} />}
    </MapCell>
  );
}

/** The patch from which the attention comes. */
function QueryMark({tag}: {tag: MapTag}) {
  const patch = patchOf(tag, queryOf(tag));
  if (!patch) return null;
  const [rows, cols] = tag.facts.native;
  const share = (place: number, all: number) => `${(place / all) * 100}%`;
  return <i class="query" style={{left: share(patch.col, cols), top: share(patch.row, rows), width: share(1, cols), height: share(1, rows)}} />;
}

/** One sample: what it is, its picture, its maps, its history. */
export function Row(props: RowProps) {
  const {run, row, index, columns, known, picture} = props;
  const pixelated = run.samples?.pixelated ?? false;
  const isChosen = chosenSample.value === row.sample;
  const tab = (column: number) => (Math.min(focusedColumn.value, columns.length) === column ? 0 : -1);
  const onMove = (event: PointerEvent) => {
    const cell = (event.target as HTMLElement).closest('.cell');
    if (cell) point(row.sample, event, cell);
    else unpoint();
  };
  return (
    <div class={isChosen ? 'mrow sel-row' : 'mrow'} role="row" aria-rowindex={index + 2} data-sample={row.sample} onClick={() => (chosenSample.value = row.sample)} onPointerMove={onMove} onPointerLeave={unpoint}>
      <Who run={run} row={row} known={known} />
      <Input run={run} row={row} picture={picture} pixelated={pixelated} tabIndex={tab(0)} />
      {columns.map((column, i) => (
        <MapColumn key={column.tag.tag} {...props} column={column} tabIndex={tab(i + 1)} />
      ))}
      <div class="tl" role="gridcell">{known && <Timeline run={run} sample={row.sample} known={known} />}</div>
    </div>
  );
}
