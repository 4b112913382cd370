import type {RunData} from '../../api';
import {className, type Predictions} from '../../store/predictions';
import {streaksOf, stateWords, type Evidence} from '../../store/states';
import {figure, plural, probability} from '../../ui/format';
import {stepText} from '../../store/time';
import {kindOf} from '../samples/Timeline';
import {comparedWith, type Changes, type Frame} from './key_frames';
import {Prediction} from './Subject';

const CURVES: Record<string, string> = {label: 'probability of the label', predicted: 'probability of the class'};

interface PredictionsProps {
  run: RunData;
  sample: number;
  columns: readonly Frame[];
  known: Predictions;
  evidence: Evidence | null;
}

function PredictionAt({run, sample, known, evidence, index}: PredictionsProps & {index: number}) {
  const record = known.recordAt(run.steps[index]!);
  if (record < 0) return null;
  const now = known.outcome(record, sample);
  const value = known.curve(sample)[record];
  const state = streaksOf(known, evidence, sample).find(({from, to}) => from <= record && record <= to);
  return (
    <>
      <Prediction run={run} now={now} />
      <div class="cap">{value === null || value === undefined ? '' : known.hasProbability ? probability(value) : figure(value)}</div>
      {state && <span class="strip" title={stateWords(state, evidence !== null)}><i class={kindOf(state)} /><span class="sr">{evidence && stateWords(state, true)}</span></span>}
    </>
  );
}

/** What the model says at each column. */
export function PredictionRow(props: PredictionsProps) {
  const {run, known, columns, sample} = props;
  const target = known.facts.targets[0] ?? '';
  const label = run.samples?.labels[sample] ?? null;
  const words = known.hasProbability ? (CURVES[target] ?? `probability of ${target}`) : 'score';
  return (
    <div class="frow said" role="row">
      <div class="rowh" role="rowheader" title={label === null ? undefined : `Label: ${className(run, label)}`}>
        <div class="b">Prediction</div>
        <div class="cap clip1">{words}</div>
      </div>
      {columns.map((frame, place) => (
        <div key={frame.index} class="fpred" role="gridcell" data-column={place}><PredictionAt {...props} index={frame.index} /></div>
      ))}
    </div>
  );
}

interface ChangeProps {
  run: RunData;
  columns: readonly Frame[];
  changes: Changes;
  rows: number;
}

/** How much the maps changed at each column, since the record before. */
export function ChangeRow({run, columns, changes, rows}: ChangeProps) {
  const title = `Mean of ${plural(rows, 'row')}: 1 − rank correlation with the map of the record before; 1 where another class is explained. Dark: the largest ones of maps that can be seen.`;
  return (
    <div class="frow changes" role="row">
      <div class="rowh" role="rowheader" title={title}>
        <div class="b">Change</div>
        <div class="cap clip1">1 − rank correlation</div>
      </div>
      {columns.map(({index, isKey}, place) => {
        const change = changes[index] ?? null;
        const words = change === null ? 'no record to compare with' : `${figure(change)} since ${stepText(run.steps[comparedWith(changes, index)]!)}`;
        return (
          <div key={index} class={isKey ? 'dbar key' : 'dbar'} role="gridcell" data-column={place} title={words} aria-label={words}>
            <i style={{height: `${Math.min(1, change ?? 0) * 100}%`}} />
          </div>
        );
      })}
    </div>
  );
}
