import {useState} from 'preact/hooks';
import {axesOf} from '../../store/attention';
import {runColour, runs} from '../../store/runs';
import {sample as chosenSample} from '../../store/view';
import {Segments, IconButton, useDismiss} from '../../ui/controls';
import {Icon} from '../../ui/icons';
import {Menu} from '../../ui/Menu';
import {lastNotAbove, tagSteps} from '../../store/steps';
import {stepName} from '../../store/time';
import {headName, queryName} from '../samples/attention_words';
import {useComputedOf} from './painting';
import {choose, recordOf, stepOf, type ChosenSide} from './sides';
import {comparable} from './usual_sides';
import {mapsWords, moment, runName, targetWords} from './words';

interface PickProps {
  side: ChosenSide;
  /** Index of the sample in the side's run. */
  own: number | null;
}

const letterOf = ({name}: ChosenSide) => name.toUpperCase();

/** What a side shows; opens a panel to choose it. */
export function Pick({side, own}: PickProps) {
  const [open, setOpen] = useState(false);
  const area = useDismiss(open, () => setOpen(false));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    area.current?.querySelector('button')?.focus();
  };
  const words = useComputedOf(() => [moment(stepOf(side)), mapsWords(side), targetWords(side, own)].filter(Boolean).join(' · '), [side, own]);
  const title = `${side.run}\n${side.tag}${side.step === null ? '' : `\nFixed at ${moment(side.step)}`}`;
  return (
    <div class="menu pickmenu" ref={area} onKeyDown={onKeyDown}>
      <button type="button" class="pick" style={{'--c': runColour(side.run)}} aria-haspopup="dialog" aria-expanded={open} title={title} data-pick={side.name} onClick={() => setOpen(!open)}>
        <span class="ab">{letterOf(side)}</span>
        <span class="clip1 b">{runName(side.run)}</span>
        <Icon name={open ? 'cross' : 'down'} small />
        <span class="cap clip1 sub">
          {side.step !== null && <Icon name="lock" small />}
          <span class="clip1">{words}</span>
        </span>
      </button>
      {open && (
        <div class="panel settings" role="dialog" aria-label={`Choose ${letterOf(side)}`}>
          <PickPanel key={chosenSample.value} side={side} />
        </div>
      )}
    </div>
  );
}

function Setting({label, children}: {label: string; children: preact.ComponentChildren}) {
  return (
    <div class="setting">
      <span class="k">{label}</span>
      <span>{children}</span>
    </div>
  );
}

function PickPanel({side}: {side: ChosenSide}) {
  const all = [...new Set([...(runs.value ?? []).map(({run}) => run), side.run])];
  const titles = all.map(runName);
  const labelOf = (run: string, i: number) => (titles.indexOf(titles[i]!) === titles.lastIndexOf(titles[i]!) ? titles[i]! : run);
  const letter = letterOf(side);
  return (
    <>
      <Setting label="Run">
        <Menu label={`Run of ${letter}`} showLabel={false} value={side.run} options={all.map((run, i) => ({value: run, label: labelOf(run, i)}))} onChange={(run) => choose(side, {run})} />
      </Setting>
      <MapsSetting side={side} />
      <StepSetting side={side} />
    </>
  );
}

function MapsSetting({side}: {side: ChosenSide}) {
  const letter = letterOf(side);
  const options = comparable(side.data).map((maps) => {
    const words = mapsWords({maps, data: side.data});
    return {value: maps.tag, label: [words, maps.facts.target].filter(Boolean).join(' · ')};
  });
  const labels = options.map(({label}) => label);
  const unique = options.map((option) => (labels.indexOf(option.label) === labels.lastIndexOf(option.label) ? option : {...option, label: option.value}));
  const onChange = (tag: string) => choose(side, {tag, head: undefined, query: undefined});
  const {heads, queries} = axesOf(side.maps);
  return (
    <>
      <Setting label="Maps"><Menu label={`Maps of ${letter}`} showLabel={false} value={side.tag} options={unique} onChange={onChange} /></Setting>
      {heads.length > 1 && <PlaceSetting side={side} axis="head" places={heads} name={headName} />}
      {queries.length > 1 && <PlaceSetting side={side} axis="query" places={queries} name={queryName} />}
    </>
  );
}

interface PlaceProps {
  side: ChosenSide;
  axis: 'head' | 'query';
  places: readonly (number | null)[];
  name: (place: number | null) => string;
}

/** Head or query of attention: one of its own, or that of all views. */
function PlaceSetting({side, axis, places, name}: PlaceProps) {
  const word = axis === 'head' ? 'Head' : 'Query';
  const options = [
    {value: undefined as number | null | undefined, label: 'as in Samples'},
    ...places.map((place) => ({value: place as number | null | undefined, label: name(place)})),
  ];
  const onChange = (place: number | null | undefined) => choose(side, {[axis]: place});
  return <Setting label={word}><Menu label={`${word} of ${letterOf(side)}`} showLabel={false} value={side[axis]} options={options} onChange={onChange} /></Setting>;
}

function StepSetting({side}: {side: ChosenSide}) {
  const steps = tagSteps(side.data, side.maps);
  const at = lastNotAbove(steps, stepOf(side));
  const set = (index: number) => choose(side, {step: steps[Math.min(steps.length - 1, Math.max(0, index))] ?? 0});
  const options = [{value: true, label: 'Follow scrubber'}, {value: false, label: 'Fixed'}];
  const isFixed = side.step !== null;
  const onType = (event: Event) => set(lastNotAbove(steps, Number((event.target as HTMLInputElement).value)));
  const letter = letterOf(side);
  return (
    <>
      <Setting label={stepName.value}>
        <Segments label={`${stepName.value} of ${letter}`} options={options} value={!isFixed} onChange={(follows) => choose(side, {step: follows ? null : (recordOf(side) ?? stepOf(side))})} />
      </Setting>
      <Setting label="">
        <IconButton icon="previous" label={`Earlier record of ${letter}`} disabled={at <= 0} onClick={() => set(at - 1)} />
        <input class="line num" type="number" aria-label={`${stepName.value} number of ${letter}`} min={steps[0]} max={steps.at(-1)} value={steps[at] ?? ''} onChange={onType} />
        <IconButton icon="next" label={`Later record of ${letter}`} disabled={at >= steps.length - 1} onClick={() => set(at + 1)} />
      </Setting>
    </>
  );
}
