import {computed, useSignal, type Signal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import {LineChart} from '../charts/LineChart';
import {className, type Predictions} from '../store/predictions';
import {restedStep} from '../store/rest';
import {lastNotAbove} from '../store/steps';
import {axisMode, axisText, goTo, positions, step, stepName, stepText, steps} from '../store/time';
import {figure, probability} from '../ui/format';
import type {Subject} from './subject';
import {classLines, type ClassLine} from './top_classes';

/** Apart from the colour of the shown run, and from each other for who sees fewer hues. */
const COLOURS = ['--run-6', '--run-4', '--run-5', '--run-1', '--run-2'];

interface Coloured extends ClassLine {
  name: string;
  color: string;
}

interface ChartProps {
  subject: Subject;
  known: Predictions;
}

/** Places of the records of the predictions on the axis. */
function usePlaces({subject: {run}, known}: ChartProps): readonly number[] {
  const mode = axisMode.value;
  return useMemo(() => {
    const all = positions(run, mode) ?? run.steps;
    return known.steps.map((at) => all[lastNotAbove(run.steps, at)] ?? at);
  }, [run, known, mode]);
}

interface LinesProps extends ChartProps {
  label: string;
  lines: readonly Coloured[];
  range?: readonly [number, number];
  hovered: Signal<number | null>;
  words: (value: number) => string;
}

function Lines(props: LinesProps) {
  const {known, label, lines, range, hovered, words} = props;
  const places = usePlaces(props);
  const now = useMemo(() => computed(() => places[known.recordAt(step.value)] ?? null), [places, known]);
  return (
    <LineChart
      label={label} places={places} lines={lines} now={now} {...(range && {range})}
      formatPlace={(place) => axisText(place)} formatValue={(value) => (value === null ? '–' : words(value))}
      onPick={(index) => goTo(lastNotAbove(steps.peek(), known.steps[index] ?? 0))} onHover={(at) => (hovered.value = at?.index ?? null)}
    />
  );
}

/** The value at the record under the pointer, else at the current one; alone, so that it follows each frame. */
function Value({known, values, hovered}: {known: Predictions; values: ClassLine['values']; hovered: Signal<number | null>}) {
  const value = values[hovered.value ?? known.recordAt(step.value)] ?? null;
  return <span class="num">{value === null ? '–' : probability(value)}</span>;
}

function Key({known, lines, hovered, label}: {known: Predictions; lines: readonly Coloured[]; hovered: Signal<number | null>; label: number | null}) {
  const record = known.recordAt(restedStep.value);
  const ordered = lines.toSorted((a, b) => (b.values[record] ?? -1) - (a.values[record] ?? -1));
  return (
    <ul class="class-list">
      {ordered.map(({index, name, color, values}) => (
        <li key={index}>
          <i class="dot" style={{'--c': `var(${color})`}} />
          <span class="clip1" title={name}>{name}</span>
          <span class="cap">{index === label ? 'label' : ''}</span>
          <Value known={known} values={values} hovered={hovered} />
        </li>
      ))}
    </ul>
  );
}

/** Which record the figures below a chart belong to, while the pointer is over it. */
function When({known, hovered, usual}: {known: Predictions; hovered: Signal<number | null>; usual: string}) {
  const at = hovered.value === null ? undefined : known.steps[hovered.value];
  return <span class="cap">{at === undefined ? usual : `${stepName.value} ${stepText(at)}`}</span>;
}

function TopClasses({subject, known}: ChartProps) {
  const {run, sample} = subject;
  const label = run.samples?.labels[sample] ?? null;
  const hovered = useSignal<number | null>(null);
  const lines = useMemo(
    () => classLines(known, sample, label).map((line, i) => ({...line, name: className(run, line.index), color: COLOURS[i]!})),
    [run, known, sample, label],
  );
  return (
    <section class="classes" aria-label="Top classes">
      <h3><span class="b">Top classes</span><When known={known} hovered={hovered} usual="probability" /></h3>
      <Lines subject={subject} known={known} label="Probability of the top classes over time" lines={lines} range={UNIT} hovered={hovered} words={probability} />
      <Key known={known} lines={lines} hovered={hovered} label={label} />
    </section>
  );
}

const UNIT = [0, 1] as const;

function Score({subject, known}: ChartProps) {
  const hovered = useSignal<number | null>(null);
  const title = known.hasProbability ? 'Probability' : 'Score';
  const lines = useMemo(() => [{index: 0, name: title, color: '--text', values: known.curve(subject.sample)}], [known, subject.sample, title]);
  if (!lines[0]!.values.some((value) => value !== null)) return null;
  return (
    <section class="classes" aria-label={title}>
      <h3><span class="b">{title}</span><When known={known} hovered={hovered} usual={`of ${known.facts.targets[0] ?? 'the output'}`} /></h3>
      <Lines subject={subject} known={known} label={`${title} over time`} lines={lines} hovered={hovered} words={figure} />
    </section>
  );
}

/** What the model took the sample for, over time. */
export function Classes(props: ChartProps) {
  const hasClasses = useMemo(() => props.known.steps.some((_, record) => props.known.top(record, props.subject.sample).length > 0), [props.known, props.subject.sample]);
  return hasClasses ? <TopClasses {...props} /> : <Score {...props} />;
}
