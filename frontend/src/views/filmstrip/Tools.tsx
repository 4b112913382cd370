import {shown} from '../../store/runs';
import {steps} from '../../store/time';
import {Segments} from '../../ui/controls';
import {TargetMenu} from '../samples/tools';
import {DisplaySettings, MapMenu, OverlaySlider, ScaleMenu} from '../../ui/Display';
import {Menu} from '../../ui/Menu';
import {SamplePicker} from '../../ui/SampleMenu';
import {room} from './columns';
import {distances, everyWords, ordinal, usualDistance} from './key_frames';
import {every, frames, subject, type Mode} from './state';

/** Sample, and which records are columns. */
export function Tools() {
  const run = shown.value;
  if (!run) return null;
  const records = steps.value.length;
  const now = every.value ?? usualDistance(records, room.value);
  const modes: {value: Mode; label: string}[] = [
    {value: 'key', label: 'Key frames'},
    {value: 'fit', label: 'All that fit'},
    {value: 'every', label: everyWords(now)},
  ];
  const options = [...new Set([...distances(records), now])].sort((a, b) => a - b);
  return (
    <>
      <SamplePicker run={run} value={subject.value} />
      <span class="vr" />
      <Segments label="Columns" options={modes} value={frames.value} onChange={(value) => (frames.value = value)} />
      {frames.value === 'every' && (
        <Menu label="Distance in records" showLabel={false} options={options.map((value) => ({value, label: value === 1 ? 'each' : ordinal(value)}))} value={now} onChange={(value) => (every.value = value)} />
      )}
      <TargetMenu />
    </>
  );
}

/** Settings of the maps. */
export function MapTools() {
  return (
    <>
      <OverlaySlider class="hide-m" />
      <MapMenu class="hide-s" />
      <ScaleMenu class="hide-s" />
      <DisplaySettings>
        <div class="only-s"><TargetMenu class="" /></div>
      </DisplaySettings>
    </>
  );
}
