import type {RunData} from '../../api';
import {useMemo} from 'preact/hooks';
import {painted} from '../../render/ready';
import {headOf, shownMap} from '../../store/attention';
import {point, unpoint} from '../../store/pointer';
import type {Predictions} from '../../store/predictions';
import {opened} from '../../store/selection';
import {sample as chosenSample} from '../../store/view';
import {MapCell} from '../../ui/Cell';
import {missingPart} from '../../ui/missing_part';
import {attentionPart} from './attention_part';
import {choiceWords} from './attention_words';
import {figureWords} from './figure_words';
import {focusedColumn} from './focus';
import {Input} from './Input';
import type {Row as RowData} from './order';
import type {Column} from './state';
import {targetBadge} from './target_badge';
import {Timeline} from './Timeline';
import {Who} from './Who';

interface RowProps {
  run: RunData;
  row: RowData;
  /** Place among all rows, from 0. */
  index: number;
  columns: readonly Column[];
  known: Predictions | null;
  picture: string | undefined;
}

/** Names a column among all others. */
export const columnKey = ({tag, head}: Column): string => `${tag.tag} ${head === undefined ? '' : String(head)}`;

/** Whether the inspector shows a cell; of heads side by side, the one that is meant. */
function isOpened({tag, head}: Column, sample: number): boolean {
  const cell = opened.value;
  if (cell?.tag !== tag.tag || cell.sample !== sample) return false;
  return head === undefined || head === (cell.head === undefined ? headOf(tag) : cell.head);
}

function MapColumn({run, row, column, picture, tabIndex}: RowProps & {column: Column; tabIndex: number}) {
  const {tag, explainer, head} = column;
  const map = shownMap(tag, row.sample, head === undefined ? {} : {head});
  const badge = useMemo(() => targetBadge(run, tag, map, row.label), [run, tag, map, row.label]);
  const pixelated = run.samples?.pixelated ?? false;
  const target = explainer.tags.some(({facts}) => facts.target !== tag.facts.target) ? tag.facts.target : null;
  const name = [explainer.title, target, choiceWords(tag, head), row.name, row.labelName].filter(Boolean).join(', ');
  const tools = tag.kind === 'attention' ? attentionPart.now.value : null;
  const marks = isOpened(column, row.sample) ? {class: 'opened'} : {};
  return (
    <MapCell run={run} tag={tag} map={map} name={name} sample={row.sample} picture={picture} pixelated={pixelated} solid={!picture} details={figureWords} {...(badge && {badge})} {...marks} role="gridcell" tabIndex={tabIndex}>
      {tools && <tools.QueryMark tag={tag} />}
    </MapCell>
  );
}

/** One sample: what it is, its picture, its maps, its history. */
export function Row(props: RowProps) {
  const {run, row, index, columns, known, picture} = props;
  const pixelated = run.samples?.pixelated ?? false;
  const none = missingPart.now.value;
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
        <MapColumn key={columnKey(column)} {...props} column={column} tabIndex={tab(i + 1)} />
      ))}
      {none && <none.MissingCells />}
      <div class="tl" role="gridcell">{known && painted.value && <Timeline run={run} sample={row.sample} known={known} />}</div>
    </div>
  );
}
