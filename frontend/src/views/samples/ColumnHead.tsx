import type {RunData} from '../../api';
import {axesOf, chooseHead, chooseQuery, headOf, queryOf} from '../../store/attention';
import {pointer} from '../../store/pointer';
import type {Predictions} from '../../store/predictions';
import {END_WORDS} from '../../render/scale';
import {cellSize, scaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {Legend} from '../../ui/Legend';
import {Menu} from '../../ui/Menu';
import {About} from './About';
import {headName, layerName, queryName, unitOf} from './attention_words';
import {endsOf, legendWords} from './legend_words';
import type {Column} from './Row';
import {targets} from './state';

/** Width of a column that holds two pickers side by side. */
const ROOMY = 160;

export interface ColumnProps {
  run: RunData;
  column: Column;
  /** Samples in sight. */
  visible: readonly number[];
  known: Predictions | null;
}

/** The sample under the cursor, or all that are in sight. */
export function samplesMeant(visible: readonly number[]): readonly number[] {
  const at = pointer.value;
  return at ? [at.sample] : visible;
}

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
  return <Legend style={style} clipped={found?.clipped ?? false} ends={labels} title={legendWords(run, column, samples, known, text)} />;
}

/** Chooses the head and the query of attention, where several are recorded. */
export function Pickers({column: {tag}}: {column: Column}) {
  const {heads, queries} = axesOf(tag);
  if (heads.length < 2 && queries.length < 2) return null;
  return (
    <div class={cellSize.value < ROOMY ? 'pickers' : 'pickers roomy'}>
      {heads.length > 1 && (
        <Menu
          label={`Head of ${tag.facts.layer ?? tag.facts.title}`} showLabel={false} value={headOf(tag)} class="small"
          options={heads.map((value) => ({value, label: headName(value)}))} onChange={(head) => chooseHead(tag, head)}
        />
      )}
      {queries.length > 1 && (
        <Menu
          label="Query, in all layers" showLabel={false} value={queryOf(tag) ?? null} class="small"
          options={queries.map((value) => ({value, label: queryName(value)}))} onChange={chooseQuery}
        />
      )}
    </div>
  );
}

/** What tells this column from the others: layer, settings, target. */
function subtitle({tag, explainer}: Column): string {
  const several = targets.value.length > 1;
  return [explainer.settings, several ? tag.facts.target : null, layerName(tag)].filter(Boolean).join(' · ');
}

/** Name of an explainer and what it is about, its pickers, and the scale of its maps. */
export function ColumnHead(props: ColumnProps & {isLate: boolean}) {
  const {column} = props;
  const words = subtitle(column);
  const unit = unitOf(column.tag);
  return (
    <div class="mh" role="columnheader">
      <About {...props} />
      <div class="cap clip1" title={words}>{words}</div>
      <Pickers column={column} />
      {unit && <div class="cap clip1" title={unit}>{unit}</div>}
      <ColumnLegend {...props} />
    </div>
  );
}
