import {shown} from '../../store/runs';
import {DisplaySettings, MapMenu, OverlaySlider, ScaleMenu} from '../../ui/Display';
import {SearchField} from '../../ui/controls';
import {Menu} from '../../ui/Menu';
import {className} from '../../store/predictions';
import {massTag} from '../../store/states';
import type {OutcomeFilter} from './order';
import {OfMenu, SortTools} from './SortTools';
import {allRows, find, label, outcome, predictions, sortMetric, target, targets} from './state';

const OUTCOME_LABELS: Record<OutcomeFilter, string> = {
  any: 'any', right: 'right', wrong: 'wrong', reason: 'wrong reason', flipped: 'flipped', forgotten: 'forgotten', changed: 'ever changed',
};
const entries = <T extends string>(labels: Record<T, string>, allowed: (value: T) => boolean) =>
  (Object.keys(labels) as T[]).filter(allowed).map((value) => ({value, label: labels[value]}));

function ClassMenu({class: extra = 'hide-s'}: {class?: string}) {
  const run = shown.value;
  const present = [...new Set(allRows.value.flatMap((row) => row.label ?? []))].sort((a, b) => a - b);
  if (!run || present.length < 2) return null;
  const options = present.map((value) => ({value: value as number | null, label: className(run, value)}));
  return <Menu class={extra} label="Class" options={[{value: null, label: 'any'}, ...options]} value={label.value} changed={label.value !== null} onChange={(value) => (label.value = value)} />;
}

export function TargetMenu({class: extra = 'hide-s'}: {class?: string}) {
  if (targets.value.length < 2) return null;
  const options = targets.value.map((value) => ({value: value as string | null, label: value}));
  return <Menu class={extra} label="Target" options={[{value: null, label: 'all'}, ...options]} value={target.value} changed={target.value !== null} onChange={(value) => (target.value = value)} />;
}

const FILTER_HELP = 'Words of name or class, and conditions: confidence < .6, drift > .3';

/** Filters and order. */
export function Tools() {
  const known = predictions.value;
  const labelled = allRows.value.some((row) => row.now?.correct !== null && row.now !== null);
  const classed = allRows.value.some((row) => row.now !== null && row.now.predicted !== null);
  const masked = shown.value !== null && massTag(shown.value) !== null;
  const outcomes = entries(OUTCOME_LABELS, (value) => (labelled && (masked || value !== 'reason')) || value === 'any' || value === 'changed');
  return (
    <>
      <SearchField id="find" label="Filter samples" title={FILTER_HELP} value={find.value} onInput={(value) => (find.value = value)} />
      {known && classed && <Menu label="Outcome" options={outcomes} value={outcome.value} changed={outcome.value !== 'any'} onChange={(value) => (outcome.value = value)} />}
      <ClassMenu />
      <TargetMenu />
      <SortTools />
    </>
  );
}

/** Settings of the maps. */
export function MapTools() {
  const more = Number(targets.value.length > 1) + Number(sortMetric.value !== null);
  const menus = (['hide-s', 'hide-m', 'hide-l'] as const)[more];
  return (
    <>
      <OverlaySlider class={menus ?? ''} />
      <MapMenu class={menus} />
      <ScaleMenu class={menus} />
      <DisplaySettings>
        <div class="only-s">
          <ClassMenu class="" />
          <TargetMenu class="" />
          <OfMenu class="" />
        </div>
      </DisplaySettings>
    </>
  );
}
