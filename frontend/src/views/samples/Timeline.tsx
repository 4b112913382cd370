import {useMemo} from 'preact/hooks';
import type {RunData} from '../../api';
import {className, predictionsOf, sameSample, type Predictions} from '../../store/predictions';
import {chosenRuns, runColour, runData} from '../../store/runs';
import {massTag, sentence, streaksOf, type State, type Streak} from '../../store/states';
import {axisMode, axisRange, nowShare, positions, stepText, type AxisMode} from '../../store/time';
import {pathOf} from '../../scrubber/curves';
import {plural} from '../../ui/format';
import {flipsOf, PREDICTED, stretches, type Flip, type Stretch} from './flips';
import {evidence, followsPrediction} from './state';
import {hoverOver, hoverPart, type Line} from './hover';

/** How many flips are told one by one. */
const SPOKEN = 3;
const NO_FLIPS: readonly Flip[] = [];

/** Axis positions of the records of a run's predictions. */
function placesOf(run: RunData, known: Predictions, mode: AxisMode): number[] | null {
  const all = positions(run, mode);
  if (!all) return null;
  const at = new Map(run.steps.map((step, i) => [step, all[i]!]));
  return known.steps.map((step) => at.get(step) ?? NaN);
}

/** Curves of a sample in all chosen runs that hold the same picture, the shown run last. */
function linesOf(run: RunData, sample: number, mode: AxisMode, range: readonly [number, number]): Line[] {
  const others = chosenRuns.value.filter((name) => name !== run.run);
  const own = predictionsOf(run);
  const isProbability = own?.status === 'ready' && own.value.hasProbability;
  return [...others, run.run].flatMap((name) => {
    const other = runData.value.get(name);
    const loaded = other && predictionsOf(other);
    const index = other ? sameSample(run, sample, other) : null;
    if (!other || loaded?.status !== 'ready' || index === null) return [];
    if (loaded.value.hasProbability !== isProbability) return [];
    const xs = placesOf(other, loaded.value, mode);
    const ys = loaded.value.curve(index);
    const all = loaded.value.facts.targets[0] === PREDICTED ? stretches(loaded.value.explained(PREDICTED, index)) : null;
    const height = heightOf(loaded.value, ys);
    return xs ? [{run: name, xs, ys, path: all ? piecesOf(all, xs, ys, range, height) : pathOf(xs, ys, range, height)}] : [];
  });
}

/** A path that breaks where another class is explained: what lies on both sides cannot be compared. */
export function piecesOf(
  all: readonly Stretch[], xs: readonly number[], ys: readonly (number | null)[],
  range: readonly [number, number], height: readonly [number, number],
): string {
  return all
    .map(({from, to}) => pathOf(xs.slice(from, to + 1), ys.slice(from, to + 1), range, height))
    .join('');
}

function heightOf(known: Predictions, ys: readonly (number | null)[]): [number, number] {
  if (known.hasProbability) return [0, 1];
  const finite = ys.filter((y): y is number => y !== null);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

/** Class of a state in the strip: its height is right or wrong, its fill on the object or elsewhere. */
export function kindOf({correct, on}: State): string {
  if (correct) return on ? 's3' : 's2';
  return on ? 's1' : 's0';
}

interface StripProps {
  all: readonly Streak[];
  places: readonly number[];
  range: readonly [number, number];
  /** Whether it is not known yet where the evidence lies. */
  waits: boolean;
}

function Strip({all, places, range, waits}: StripProps) {
  const share = (record: number) => {
    const place = places[record] ?? places.at(-1) ?? range[0];
    return ((place - range[0]) / (range[1] - range[0])) * 100;
  };
  return (
    <span class={waits ? 'strip wait' : 'strip'} aria-hidden="true">
      {all.map(({from, to, ...state}) => (
        <i key={from} class={kindOf(state)} style={{left: `min(${share(from)}%, 100% - 3px)`, width: `max(${share(to + 1) - share(from)}%, 3px)`}} />
      ))}
    </span>
  );
}

interface FlipsProps {
  run: RunData;
  flips: readonly Flip[];
  /** Steps of the predictions, and their places on the axis. */
  steps: readonly number[];
  places: readonly number[];
  range: readonly [number, number];
}

/** A mark at each record that explains another class than the one before. */
function Flips({run, flips, steps, places, range}: FlipsProps) {
  return (
    <>
      {flips.map((flip) => (
        <i
          key={flip.record} class="flip" aria-hidden="true" title={flipWords(run, flip, steps)}
          style={{left: `${((places[flip.record]! - range[0]) / (range[1] - range[0])) * 100}%`}}
        />
      ))}
    </>
  );
}

const flipWords = (run: RunData, {before, after, record}: Flip, steps: readonly number[]): string =>
  `Flipped from ${className(run, before)} to ${className(run, after)} at ${stepText(steps[record]!)}`;

/** The last flips in one sentence, for who cannot see the marks. */
function flipSentence(run: RunData, flips: readonly Flip[], steps: readonly number[]): string {
  const last = flips.slice(-SPOKEN).map((flip) => flipWords(run, flip, steps));
  return `${plural(flips.length, 'flip')} of the explained class. ${last.join('. ')}.`;
}

function Now() {
  return <i class="now" style={{transform: `translateX(${nowShare.value * 100}%)`}} />;
}

/** How the prediction of a sample changed: curve per run, right and wrong, one sentence. */
export function Timeline({run, sample, known}: {run: RunData; sample: number; known: Predictions}) {
  const mode = axisMode.value;
  const range = axisRange.value;
  const lines = linesOf(run, sample, mode, range);
  const all = streaksOf(known, evidence.value, sample);
  const explained = useMemo(() => flipsOf(known.explained(PREDICTED, sample)), [known, sample]);
  const flips = followsPrediction.value ? explained : NO_FLIPS;
  const places = placesOf(run, known, mode);
  const last = flips.at(-1);
  const Hover = hoverPart.now.value?.TimelineHover;
  const words = sentence(all, (record) => stepText(known.steps[record]!)) || (last ? flipWords(run, last, known.steps) : '');
  return (
    <>
      <div class="plot" {...(places && hoverOver(sample, known, places, range))}>
        <div class="chart">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <path class="gl" d="M0 0H100M0 50H100M0 100H100" />
            {lines.map((line) => (
              <path key={line.run} class={line.run === run.run ? 'ln f' : 'ln'} style={{'--c': runColour(line.run)}} d={line.path} />
            ))}
          </svg>
          {places && <Flips {...{run, flips, places, range}} steps={known.steps} />}
          <Now />
        </div>
        {places && all.length > 0 && <Strip all={all} places={places} range={range} waits={!evidence.value && massTag(run) !== null} />}
        {places && Hover && <Hover {...{run, sample, known, lines, all, places, range}} />}
      </div>
      {flips.length > 0 && <span class="sr">{flipSentence(run, flips, known.steps)}</span>}
      {words && <p class="cap sent clip1" title={words}>{words}</p>}
    </>
  );
}
