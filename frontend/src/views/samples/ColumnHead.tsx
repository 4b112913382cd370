import type {MapFacts, MapTag} from '../../api';
import {ALL, axesOf, chooseAttention, chooseHead, chooseQuery, headOf, queryOf, showsAllHeads, type Place} from '../../store/attention';
import {END_WORDS} from '../../render/scale';
import {cellSize, scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {Legend} from '../../ui/Legend';
import {Menu} from '../../ui/Menu';
import {Trust} from '../../ui/Trust';
import {About} from './About';
import {headName, layerChoice, layerName, layerShort, queryName, unitOf} from './attention_words';
import {samplesMeant, wordsPart, type ColumnProps} from './column_props';
import {endsOf} from './ends';
import {attentionTags, columns, type Column} from './state';

/** Width of a column that holds two pickers side by side. */
const ROOMY = 160;

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
  return <Legend style={style} clipped={found?.clipped ?? false} ends={labels} title={title} />;
}

/** Chooses the layer of attention that is shown, or all of them. */
function LayerPicker({tag}: {tag: MapTag}) {
  const tags = attentionTags.value;
  const options = [...tags.map((one) => ({value: one.tag, label: layerChoice(one)})), {value: ALL, label: 'all, side by side'}];
  return <Menu label="Layer of attention" showLabel={false} value={tag.tag} class="small" shown={layerShort(tag)} options={options} onChange={chooseAttention} />;
}

/** Chooses the head of a layer, or (`sideBySide`) all of them. */
function HeadPicker({tag, sideBySide}: {tag: MapTag; sideBySide: boolean}) {
  const heads = axesOf(tag).heads.map((value) => ({value: value as Place | typeof ALL, label: headName(value)}));
  const options = sideBySide ? [...heads, {value: ALL, label: 'all heads'} as const] : heads;
  return (
    <Menu<Place | typeof ALL>
      label={`Head of ${tag.facts.layer ?? tag.facts.title}`} showLabel={false} class="small"
      value={sideBySide && showsAllHeads(tag) ? ALL : headOf(tag)} options={options} onChange={(head) => chooseHead(tag, head)}
    />
  );
}

/** Chooses head and query of attention, where several are recorded, and the layer of columns that stand side by side. */
export function Pickers({column: {tag}, sideBySide = false}: {column: Pick<Column, 'tag'>; sideBySide?: boolean}) {
  const {heads, queries} = axesOf(tag);
  const picksLayer = sideBySide && attentionTags.value.length > 1;
  if (!picksLayer && heads.length < 2 && queries.length < 2) return null;
  return (
    <div class={cellSize.value < ROOMY ? 'pickers' : 'pickers roomy'}>
      {picksLayer && <LayerPicker tag={tag} />}
      {heads.length > 1 && <HeadPicker tag={tag} sideBySide={sideBySide} />}
      {queries.length > 1 && (
        <Menu
          label="Query, in all layers" showLabel={false} value={queryOf(tag) ?? null} class="small"
          options={queries.map((value) => ({value, label: queryName(value)}))} onChange={chooseQuery}
        />
      )}
    </div>
  );
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
      {isFirst && column.tag.kind === 'attention' && <Pickers column={column} sideBySide />}
      <div class="clip1"><Trust run={props.run} tags={column.explainer.tags} /></div>
      {unit && <div class="cap clip1" title={unit}>{unit}</div>}
      <ColumnLegend {...props} />
    </div>
  );
}
