import {
  axisMode, follow, move, newer, playing, positions, setAxisMode, setFollow, speed, step, stepIndex, stepName, steps, stepText, timeOfDay, type AxisMode,
} from '../store/time';
import {findingsOf} from '../store/findings';
import {shown} from '../store/runs';
import {IconButton, Segments, Switch, type Option} from '../ui/controls';
import {duration, plural} from '../ui/format';
import {Icon} from '../ui/icons';
import {useLazy} from '../ui/lazy';
import {Menu} from '../ui/Menu';
import {togglePlay} from './player';
import {Track} from './Track';

const SPEEDS = [0.5, 1, 2, 4].map((value) => ({value, label: `${value}×`}));
const REFUSED: Record<AxisMode, string> = {
  step: 'The number of training batches was not recorded',
  epoch: 'The epoch was not recorded',
  time: 'The time of the records is not in order',
};

function Transport() {
  const label = playing.value ? 'Pause (space)' : 'Play (space)';
  return (
    <div class="transport">
      <button type="button" class="btn play" aria-label={label} title={label} onClick={togglePlay}>
        <Icon name={playing.value ? 'pause' : 'play'} />
      </button>
      <IconButton icon="previous" label="Previous record (←)" disabled={stepIndex.value <= 0} onClick={() => move(-1)} />
      <IconButton icon="next" label="Next record (→)" disabled={!newer.value} onClick={() => move(1)} />
      <Menu label="Speed" showLabel={false} class="up" options={SPEEDS} value={speed.value} onChange={(value) => (speed.value = value)} />
    </div>
  );
}

function axisOptions(): Option<AxisMode>[] {
  const run = shown.value;
  const modes: [AxisMode, string][] = [['step', 'Step'], ['epoch', 'Epoch'], ['time', 'Time']];
  return modes.map(([value, label]) => ({
    value,
    label,
    refused: run && !positions(run, value) ? REFUSED[value] : undefined,
  }));
}

function detail(): string {
  const run = shown.value;
  const index = stepIndex.value;
  if (!run || index < 0) return '';
  const {batch, epoch, wall_time: time} = run.progress;
  const seen = run.axis === 'epoch' ? batch[index] : epoch[index];
  const words = run.axis === 'epoch' ? 'step' : 'epoch';
  const spent = duration((time[index] ?? 0) - (time[0] ?? 0));
  return [seen === null || seen === undefined ? '' : `${words} ${stepText(seen)}`, timeOfDay.value, spent].filter(Boolean).join(' · ');
}

function AxisChoice() {
  return (
    <span class="opt">
      <Segments small label="Axis" options={axisOptions()} value={axisMode.value} onChange={setAxisMode} />
    </span>
  );
}

function Readout() {
  const behind = newer.value;
  return (
    <div class="readout">
      <div class="row">
        <span class="nowrap">
          <span class="t3">{stepName.value} {stepText(step.value)}</span> <span class="cap">of {stepText(steps.value.at(-1) ?? 0)}</span>
        </span>
        <AxisChoice />
      </div>
      <div class="row"><span class="cap clip1" title="Training so far, time of the record, time since the first record">{detail()}</span></div>
      <div class="row">
        <Switch label="Follow latest" on={follow.value} onChange={setFollow} title="Show new records as they arrive (F)" />
        {!follow.value && behind > 0 && (
          <button type="button" class="go cap opt" onClick={() => setFollow(true)}>{plural(behind, 'newer record')}</button>
        )}
      </div>
    </div>
  );
}

/** Marks of findings stand beside the track: it is a slider, which may hold nothing to press. */
function Marks() {
  const Loaded = useLazy('marks', () => import('./Marks'));
  return typeof Loaded === 'string' ? null : <Loaded />;
}

/** Time: one for all views. */
export function Scrubber() {
  return (
    <footer class="scrub" aria-label="Time" style={{'--digits': stepText(steps.value.at(-1) ?? 0).length}}>
      <Transport />
      <div class="timeline">
        <Track />
        {shown.value && findingsOf(shown.value).length > 0 && <Marks />}
      </div>
      <Readout />
    </footer>
  );
}
