import type {RunData} from '../../api';
import type {Predictions} from '../../store/predictions';
import {ColumnHead} from './ColumnHead';
import type {Column} from './Row';

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
      {columns.map((column, place) => (
        <ColumnHead key={column.tag.tag} {...{run, column, visible, known}} isLate={place > 0 && place >= columns.length / 2} />
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
