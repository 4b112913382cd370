import {useMemo} from 'preact/hooks';
import type {RunData} from '../../api';
import {predictionsOf, sameSample, type Predictions} from '../../store/predictions';
import {chosenRuns, runColour, runData} from '../../store/runs';
import {axisMode, axisRange, nowShare, positions, stepText, type AxisMode} from '../../store/time';
import {pathOf} from '../../scrubber/curves';
import {sentence, streaks, type Streak} from './outcomes';

/** Axis positions of the records of a run's predictions. */
function placesOf(run: RunData, known: Predictions, mode: AxisMode): number[] | null {
  const all = positions(run, mode);
  if (!all) return null;
  const at = new Map(run.steps.map((step, i) => [step, all[i]!]));
  return known.steps.map((step) => at.get(step) ?? NaN);
}

interface Line {
  run: string;
  path: string;
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
    return xs ? [{run: name, path: pathOf(xs, ys, range, heightOf(loaded.value, ys))}] : [];
  });
}

function heightOf(known: Predictions, ys: readonly (number | null)[]): [number, number] {
  if (known.hasProbability) return [0, 1];
  const finite = ys.filter((y): y is number => y !== null);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

function Strip({all, places, range}: {all: readonly Streak[]; places: number[]; range: readonly [number, number]}) {
  const share = (record: number) => {
    const place = places[record] ?? places.at(-1) ?? range[0];
    return ((place - range[0]) / (range[1] - range[0])) * 100;
  };
  return (
    <span class="strip" aria-hidden="true">
      {all.map(({correct, from, to}) => (
        <i key={from} class={correct ? 's3' : 's1'} style={{left: `min(${share(from)}%, 100% - 3px)`, width: `max(${share(to + 1) - share(from)}%, 3px)`}} />
      ))}
    </span>
  );
}

function Now() {
  return <i class="now" style={{transform: `translateX(${nowShare.value * 100}%)`}} />;
}

/** How the prediction of a sample changed: curve per run, right and wrong, one sentence. */
export function Timeline({run, sample, known}: {run: RunData; sample: number; known: Predictions}) {
  const mode = axisMode.value;
  const range = axisRange.value;
  const lines = linesOf(run, sample, mode, range);
  const all = useMemo(() => streaks(known.history(sample)), [known, sample]);
  const places = placesOf(run, known, mode);
  const words = sentence(all, (record) => stepText(known.steps[record]!));
  return (
    <>
      <div class="chart">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <path class="gl" d="M0 0H100M0 50H100M0 100H100" />
          {lines.map((line) => (
            <path key={line.run} class={line.run === run.run ? 'ln f' : 'ln'} style={{'--c': runColour(line.run)}} d={line.path} />
          ))}
        </svg>
        <Now />
      </div>
      {places && all.length > 0 && <Strip all={all} places={places} range={range} />}
      {words && <p class="cap sent clip1" title={words}>{words}</p>}
    </>
  );
}
