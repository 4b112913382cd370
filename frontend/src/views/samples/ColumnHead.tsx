import type {MapFacts} from '../../api';
import {axesOf} from '../../store/attention';
import {END_WORDS} from '../../render/scale';
import {cellSize, scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {Legend} from '../../ui/Legend';
import {Trust} from '../../ui/Trust';
import {About} from './About';
import {attentionPart} from './attention_part';
import {headName, layerName, unitOf} from './attention_words';
import {samplesMeant, wordsPart, type ColumnProps} from './column_props';
import {endsOf} from './ends';
import {columns, type Column} from './state';

function ColumnLegend({run, column, visible, known}: ColumnProps) {
  const samples = samplesMeant(visible);
  const {signed} = column.tag.facts;
  const found = endsOf(run, column, samples);
  const style = styleOf(signed, !run.samples?.pictures.some((picture) => picture !== null));
  const text = found?.text ?? '';
  const word = END_WORDS[scaleMode.value];
  const isRange = text.includes('–');
  const named = isRange && cellSize.value < 112 ? text : `${word} ${text}`;
  const high = signed && !isRange ? `+${text}` : signed ? `${word} ±${text}` : named;
  const low = signed ? `\u2212${text}` : '0';
  const labels = found ? (!signed ? [low, high] : isRange ? ['', high] : [low, '0', high]) : ['\u00a0'];
  const title = wordsPart.now.value?.legendWords(run, column, samples, known, text) ?? '';
  return <Legend style={style} clipped={found?.clipped ?? false} ends={labels} title={title} tops={found?.tops} />;
}

/** Whether other columns of the same explainer have another layer or target. */
const isOneOfSeveral = ({tag, explainer}: Column, of: (facts: MapFacts) => string | null): boolean =>
  columns.value.some((other) => other.explainer.key === explainer.key && of(other.tag.facts) !== of(tag.facts));

/** What tells this column from the others: settings, target, layer, head. */
function subtitle(column: Column): string {
  const {tag, explainer, head} = column;
  const layer = tag.kind !== 'attention' && isOneOfSeveral(column, ({layer: one}) => one) ? layerName(tag) : null;
  const target = isOneOfSeveral(column, ({target: one}) => one) ? tag.facts.target : null;
  return [explainer.settings, target, layer, head === undefined ? null : headName(head)].filter(Boolean).join(' · ');
}

/** The pickers of attention; while they are on their way, the room that they take. */
function Attention({column}: {column: Column}) {
  const tools = attentionPart.now.value;
  return tools ? <tools.Pickers column={column} sideBySide /> : <div class="pickers wait" />;
}

/** Name of an explainer and what it is about, its pickers, and the scale of its maps. */
export function ColumnHead(props: ColumnProps & {isLate: boolean}) {
  const {column} = props;
  const words = subtitle(column);
  const unit = unitOf(column.tag);
  const isFirst = column.head === undefined || column.head === axesOf(column.tag).heads[0];
  return (
    <div class="mh" role="columnheader" onPointerEnter={wordsPart.need} onFocusIn={wordsPart.need}>
      <About {...props} />
      {words && <div class="cap clip1" title={words}>{words}</div>}
      {isFirst && column.tag.kind === 'attention' && <Attention column={column} />}
      <div class="clip1"><Trust run={props.run} tags={column.explainer.tags} /></div>
      {unit && <div class="cap clip1" title={unit}>{unit}</div>}
      <ColumnLegend {...props} />
    </div>
  );
}
