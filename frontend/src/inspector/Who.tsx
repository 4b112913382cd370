import {className, sampleName, type Outcome, type Predictions} from '../store/predictions';
import {restedStep} from '../store/rest';
import {step} from '../store/time';
import {moveSample} from '../store/view';
import {IconButton} from '../ui/controls';
import {figure, probability} from '../ui/format';
import {Icon} from '../ui/icons';
import {explainsWords} from './explains';
import type {Subject} from './subject';

interface WhoProps {
  subject: Subject;
  known: Predictions | null;
}

function Prediction({subject: {run, sample}, known}: WhoProps) {
  const record = known?.recordAt(step.value) ?? -1;
  const now: Outcome | null = known && record >= 0 ? known.outcome(record, sample) : null;
  if (!now) return null;
  const value = now.predicted === null ? now.score : now.probability;
  const words = now.predicted === null ? 'score' : className(run, now.predicted);
  const kind = now.correct === null ? 'pred' : now.correct ? 'pred ok' : 'pred no';
  return (
    <span class={kind} title={`predicted ${words}`}>
      {now.correct !== null && <Icon name={now.correct ? 'check' : 'cross'} />}
      {now.correct !== null && <span class="sr">{now.correct ? 'right: ' : 'wrong: '}</span>}
      <span class="clip1">{words}</span>
      {value !== null && <span>{now.predicted === null ? figure(value) : probability(value)}</span>}
    </span>
  );
}

/** The class of the sample, what the model takes it for, and what the map explains. */
export function Who(props: WhoProps) {
  const {subject, known} = props;
  const {run, sample} = subject;
  const label = run.samples?.labels[sample] ?? null;
  const title = label === null ? sampleName(run, sample) : className(run, label);
  const explains = explainsWords(subject, known, restedStep.value);
  return (
    <div class="inspected">
      <div class="told">
        <h3 class="t3 clip2" title={title}>{title}</h3>
        <div class="verdict">
          <Prediction {...props} />
          {explains && <span class="cap" title={explains}>{explains}</span>}
        </div>
      </div>
      <IconButton icon="previous" label="Previous sample ([ or ,)" onClick={() => moveSample(-1)} />
      <IconButton icon="next" label="Next sample (] or .)" onClick={() => moveSample(1)} />
    </div>
  );
}
