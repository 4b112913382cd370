import type {RunData} from '../../api';
import {mapsOfSample} from '../../store/maps';
import {pointer} from '../../store/pointer';
import type {Predictions} from '../../store/predictions';
import {isEstimated, sharedExtent} from '../../store/scales';
import {topOf} from '../../render/scale';
import {sampleName} from '../../store/predictions';
import {step} from '../../store/time';
import {mapAt} from '../../store/maps';
import {cellSize, scaleMode, type ScaleMode} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {figure} from '../../ui/format';
import {Legend} from '../../ui/Legend';
import type {Column} from './Row';
import {targets} from './state';

const WORDS: Record<ScaleMode, string> = {shared: 'p99', map: 'max', log: 'max'};

/** Values of full colour of a sample's map: the end of its scale, and whether values lie beyond. */
function endOf(run: RunData, column: Column, sample: number): {top: number; clipped: boolean} | null {
  const map = mapsOfSample(column.tag, sample)[0] ?? -1;
  const extent = sharedExtent(run, column.tag, map);
  const mode = scaleMode.value;
  if (mode !== 'map') {
    const top = extent && topOf(mode, {scale: 0}, extent);
    return top && extent ? {top, clipped: extent.maximum > top} : null;
  }
  const now = mapAt(run, column.tag, step.value, map);
  return now.status === 'ready' && now.map.scale ? {top: now.map.scale, clipped: false} : null;
}

/** The ends of the scales of some samples as one text: `.71`, or `.41–1.2` where they differ. */
function ends(run: RunData, column: Column, samples: readonly number[]) {
  const all = samples.flatMap((sample) => endOf(run, column, sample) ?? []);
  if (!all.length) return null;
  const tops = all.map(({top}) => top);
  const [low, high] = [figure(Math.min(...tops)), figure(Math.max(...tops))];
  return {text: low === high ? low : `${low}–${high}`, clipped: all.some(({clipped}) => clipped)};
}

function titleOf(run: RunData, column: Column, samples: readonly number[], text: string): string {
  const whose = samples.length === 1 ? `for ${sampleName(run, samples[0]!)}` : 'for the samples in sight, each by its own';
  if (scaleMode.value === 'map') return `Colours of each map span its own values, up to ${text} ${whose}. Maps cannot be compared.`;
  if (scaleMode.value === 'log') return `Colours span three decades up to the largest value of all records: ${text} ${whose}.`;
  const note = isEstimated(run, column.tag) ? ' Estimated from evenly spread records.' : '';
  return `Colours span all records up to the 99th percentile: ${text} ${whose}. Larger values take the last colour.${note}`;
}

function ColumnLegend({run, column, visible}: {run: RunData; column: Column; visible: readonly number[]}) {
  const at = pointer.value;
  const samples = at ? [at.sample] : visible;
  const {signed} = column.tag.facts;
  const found = ends(run, column, samples);
  const style = styleOf(signed, !run.samples?.pictures.some((picture) => picture !== null));
  const text = found?.text ?? '';
  const word = WORDS[scaleMode.value];
  const isRange = text.includes('–');
  const named = isRange && cellSize.value < 112 ? text : `${word} ${text}`;
  const high = signed && !isRange ? `+${text}` : signed ? `${word} ±${text}` : named;
  const low = signed ? `\u2212${text}` : '0';
  const labels = found ? (!signed ? [low, high] : isRange ? ['', high] : [low, '0', high]) : ['\u00a0'];
  return <Legend style={style} clipped={found?.clipped ?? false} ends={labels} title={titleOf(run, column, samples, text)} />;
}

/** What tells this column from the others: layer, settings, target. */
function subtitle({tag, explainer}: Column): string {
  const layer = tag.facts.layer ?? 'input';
  const several = targets.value.length > 1;
  return [explainer.settings, several ? tag.facts.target : null, layer].filter(Boolean).join(' · ');
}

function columnTitle({tag}: Column): string {
  const {title, layer, facts, target, native, shape} = tag.facts;
  const reason = typeof facts.reason === 'string' ? ` (${facts.reason})` : '';
  const size = `${native.join(' × ')}${native[0] > shape[0] ? `, stored as ${shape[0]} × ${shape[1]}` : ''}`;
  return `${title} at ${layer ?? 'the input'}${reason}, target ${target ?? 'none'}, ${size}`;
}

interface HeadProps {
  run: RunData;
  columns: readonly Column[];
  /** Samples in sight. */
  visible: readonly number[];
  summary: string;
  known: Predictions | null;
}

export function Head({run, columns, visible, summary, known}: HeadProps) {
  return (
    <div class="mrow head" role="row" aria-rowindex={1}>
      <div class="mh" role="columnheader">
        <div class="nm">Sample</div>
        <div class="cap">{summary}</div>
      </div>
      <div class="mh" role="columnheader">
        <div class="nm">Input</div>
        <div class="cap">{run.samples ? `${run.samples.rows} × ${run.samples.cols}` : ''}</div>
      </div>
      {columns.map((column) => (
        <div key={column.tag.tag} class="mh" role="columnheader" title={columnTitle(column)}>
          <div class="nm clip1">{column.explainer.title}</div>
          <div class="cap clip1">{subtitle(column)}</div>
          <ColumnLegend run={run} column={column} visible={visible} />
        </div>
      ))}
      <div class="mh tlh" role="columnheader">{known && <TimelineHead known={known} />}</div>
    </div>
  );
}

const CURVES: Record<string, string> = {
  label: 'Probability of the label',
  predicted: 'Probability of the predicted class',
};

function TimelineHead({known}: {known: Predictions}) {
  const target = known.facts.targets[0] ?? '';
  const words = known.hasProbability ? (CURVES[target] ?? `Probability of ${target}`) : 'Score';
  const hasOutcome = known.history(0).some(({correct}) => correct !== null);
  return (
    <>
      <div class="nm clip1">{words}{known.hasProbability && <span class="cap">, 0 to 1</span>}</div>
      <div class="stripkey cap">
        {hasOutcome && <span><i class="s3" />right</span>}
        {hasOutcome && <span><i class="s1" />wrong</span>}
        {!hasOutcome && '\u00a0'}
      </div>
    </>
  );
}
