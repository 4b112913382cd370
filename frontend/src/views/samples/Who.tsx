import type {RunData} from '../../api';
import {className, type Outcome, type Predictions} from '../../store/predictions';
import {isPinned, togglePin} from '../../store/selection';
import {isOnObject} from '../../store/states';
import {step, stepText} from '../../store/time';
import {sample as chosenSample} from '../../store/view';
import {figure, plural, probability} from '../../ui/format';
import {Icon} from '../../ui/icons';
import {keyWords} from './metric_sort';
import type {Row as RowData, Sort} from './order';
import {changedAt, changes, forgettings, lostAt} from './outcomes';
import {evidence, sort, sortMetric} from './state';

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

const LOST = {flipped: 'Flipped', forgotten: 'Forgotten'} as const;

interface TagsProps {
  row: RowData;
  known: Predictions;
  record: number;
}

/** What is remarkable about a sample at a record. */
function Tags({row, known, record}: TagsProps) {
  const text = (at: number) => stepText(known.steps[at]!);
  const lost = lostAt(row.history, record);
  const changed = row.label === null ? changedAt(row.history, record) : null;
  const isRight = row.history[record]?.correct === true;
  const isElsewhere = isRight && isOnObject(evidence.value, row.sample, known.steps[record]!) === false;
  return (
    <div class="tags">
      {lost && <span class="tag wrong"><Icon name="flip" />{LOST[lost.kind]} at {text(lost.at)}</span>}
      {changed !== null && <span class="tag"><Icon name="flip" />Changed at {text(changed)}</span>}
      {isElsewhere && <span class="tag warn" title="Right, but most of the evidence lies beside the object."><Icon name="warning" />Wrong reason</span>}
    </div>
  );
}

/** Sort keys that the row does not show anyway, in words. */
const KEYS: Partial<Record<Sort, (row: RowData) => string>> = {
  margin: ({margin}) => `margin ${margin == null ? '–' : figure(margin)}`,
  changes: ({history}) => plural(changes(history), 'flip'),
  forgotten: ({history}) => `forgotten ${forgettings(history)}×`,
};

/** The sort key of a row, as it is printed behind its name. */
function keyOf(row: RowData): string {
  const words = KEYS[sort.value]?.(row);
  if (words !== undefined) return ` · ${words}`;
  return sortMetric.value ? ` · ${keyWords(sortMetric.value, row.value)}` : '';
}

function Pin({run, row}: {run: RunData; row: RowData}) {
  const on = isPinned(run, row.sample);
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    togglePin(run, row.sample);
  };
  return (
    <button type="button" class={on ? 'pin on' : 'pin'} aria-label={`Pin ${row.name}`} title={on ? 'Unpin (P)' : 'Pin to the top (P)'} aria-pressed={on} onClick={toggle}>
      <Icon name="pin" />
    </button>
  );
}

/** Name, label and what the model says now. */
export function Who({run, row, known}: {run: RunData; row: RowData; known: Predictions | null}) {
  const record = known?.recordAt(step.value) ?? -1;
  const now = known && record >= 0 ? known.outcome(record, row.sample) : null;
  const key = keyOf(row);
  return (
    <div class="who" role="rowheader">
      <div class="id cap">
        <button type="button" class="name" title={row.name} aria-pressed={chosenSample.value === row.sample}>
          <span class="clip1">{row.name}</span>
        </button>
        {key && <span class="key">{key}</span>}
        <Pin run={run} row={row} />
      </div>
      {row.label !== null && <div class="b label" title={row.labelName}>{row.labelName}</div>}
      {now && <Prediction run={run} now={now} />}
      {known && record >= 0 && <Tags row={row} known={known} record={record} />}
    </div>
  );
}
