import type {RunData} from '../../api';
import type {Predictions} from '../../store/predictions';
import {massTag} from '../../store/states';
import {missingPart} from '../../ui/missing_part';
import {ColumnHead} from './ColumnHead';
import {columnKey} from './Row';
import type {Column} from './state';

interface HeadProps {
  run: RunData;
  columns: readonly Column[];
  /** Samples in sight. */
  visible: readonly number[];
  summary: string;
  known: Predictions | null;
}

export function Head({run, columns, visible, summary, known}: HeadProps) {
  const none = missingPart.now.value;
  return (
    <div class="mrow head" role="row" aria-rowindex={1}>
      <div class="mh of-row" role="columnheader">
        <div class="nm">Sample</div>
        <div class="cap">{summary}</div>
      </div>
      <div class="mh" role="columnheader">
        <div class="nm">Input</div>
        <div class="cap">{run.samples ? `${run.samples.rows} × ${run.samples.cols}` : ''}</div>
      </div>
      {columns.map((column, place) => (
        <ColumnHead key={columnKey(column)} {...{run, column, visible, known}} isLate={place > 0 && place >= columns.length / 2} />
      ))}
      {none && <none.MissingHeads />}
      <div class="mh tlh" role="columnheader">{known && <TimelineHead run={run} known={known} />}</div>
    </div>
  );
}

const CURVES: Record<string, string> = {
  label: 'Probability of the label',
  predicted: 'Probability of the predicted class',
};

type Entry = [kind: string, words: string];
const OUTCOMES: readonly Entry[] = [['s3', 'right'], ['s1', 'wrong']];
const STATES: readonly Entry[] = [['s3', 'right, on the object'], ['s2', 'right, elsewhere'], ['s1', 'wrong, on it'], ['s0', 'wrong']];

/** What the strip below a curve shows. */
function StripKey({run, known}: {run: RunData; known: Predictions}) {
  const hasOutcome = known.history(0).some(({correct}) => correct !== null);
  const entries = !hasOutcome ? [] : massTag(run) ? STATES : OUTCOMES;
  return (
    <div class="stripkey cap">
      {entries.map(([kind, words]) => <span key={kind}><i class={kind} />{words}</span>)}
      {!hasOutcome && '\u00a0'}
    </div>
  );
}

/** How the strip is read, for who has no room for its key. */
function stripWords(run: RunData, known: Predictions): string | undefined {
  if (known.history(0).every(({correct}) => correct === null)) return undefined;
  const height = 'Strip: tall where right, low where wrong';
  return massTag(run) ? `${height}; solid where the evidence lies on the object, hatched where elsewhere.` : `${height}.`;
}

function TimelineHead({run, known}: {run: RunData; known: Predictions}) {
  const target = known.facts.targets[0] ?? '';
  const words = known.hasProbability ? (CURVES[target] ?? `Probability of ${target}`) : 'Score';
  return (
    <>
      <div class="nm" title={stripWords(run, known)}>{words}{known.hasProbability && <span class="cap">, 0 to 1</span>}</div>
      <StripKey run={run} known={known} />
    </>
  );
}
