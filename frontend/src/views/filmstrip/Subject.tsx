import {useEffect, useRef} from 'preact/hooks';
import {effect} from '@preact/signals';
import type {RunData} from '../../api';
import {point, unpoint} from '../../store/pointer';
import {className, sampleName, type Outcome, type Predictions} from '../../store/predictions';
import {isPinned} from '../../store/selection';
import {step, stepText} from '../../store/time';
import {probability, figure} from '../../ui/format';
import {Icon} from '../../ui/icons';
import {Fit, pictureProportion} from '../../ui/Fit';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {evidence} from '../samples/state';
import {kindOf} from '../samples/Timeline';
import {sentence, streaksOf} from '../../store/states';

/** What the model says: class and probability, right or wrong. */
export function Prediction({run, now, value}: {run: RunData; now: Outcome; value?: boolean}) {
  const words = now.predicted === null ? 'score' : className(run, now.predicted);
  const amount = now.predicted === null ? now.score : now.probability;
  const kind = now.correct === null ? 'pred' : now.correct ? 'pred ok' : 'pred no';
  return (
    <span class={kind} title={words}>
      {now.correct !== null && <Icon name={now.correct ? 'check' : 'cross'} />}
      {now.correct !== null && <span class="sr">{now.correct ? 'right: ' : 'wrong: '}</span>}
      <span class="clip1">{words}</span>
      {value && amount !== null && <span>{now.predicted === null ? figure(amount) : probability(amount)}</span>}
    </span>
  );
}

/** States of the sample over all records, with a mark at the current one. */
function States({sample, known}: {sample: number; known: Predictions}) {
  const mark = useRef<HTMLElement>(null);
  const all = streaksOf(known, evidence.value, sample);
  const words = sentence(all, (record) => stepText(known.steps[record]!));
  useEffect(() => effect(() => {
    const at = (known.recordAt(step.value) + 0.5) / known.steps.length;
    if (mark.current) mark.current.style.left = `${Math.max(0, at) * 100}%`;
  }), [known]);
  if (!all.length) return null;
  return (
    <div class="states">
      <div class="of">
        <span class="strip" aria-hidden="true">
          {all.map((streak) => <i key={streak.from} class={kindOf(streak)} style={{flexGrow: streak.to - streak.from + 1}} />)}
        </span>
        <i class="at" ref={mark} />
      </div>
      <p class="cap clip1" title={words}>{words}</p>
    </div>
  );
}

interface SubjectProps {
  run: RunData;
  sample: number;
  known: Predictions | null;
  picture: string | undefined;
}

/** The sample that is shown: picture, label, what the model says, its history. */
export function Subject({run, sample, known, picture}: SubjectProps) {
  const label = run.samples?.labels[sample] ?? null;
  const name = sampleName(run, sample);
  const title = label === null ? name : className(run, label);
  const record = known?.recordAt(step.value) ?? -1;
  const now = known && record >= 0 ? known.outcome(record, sample) : null;
  const notes = [label === null ? '' : name, isPinned(run, sample) ? 'pinned' : ''].filter(Boolean).join(' · ');
  return (
    <div class="fsubject" onPointerLeave={unpoint}>
      {picture && (
        <div class="cell" role="img" aria-label={`Input, ${name}`} onPointerMove={(event) => point(sample, event, event.currentTarget)}>
          <Fit of={pictureProportion(run)}>
            <Picture address={picture} pixelated={run.samples?.pixelated ?? false} />
            <ObjectOutline run={run} sample={sample} />
            <Reticle sample={sample} at={null} />
          </Fit>
        </div>
      )}
      <div class="whom">
        <h2 class="t3 clip1" title={title}>{title}</h2>
        <div class="said">
          {now && <Prediction run={run} now={now} value />}
          <span class="cap clip1">{notes}</span>
        </div>
      </div>
      {known && <States sample={sample} known={known} />}
    </div>
  );
}
