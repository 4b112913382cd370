import type {ComponentChildren} from 'preact';
import {SEQUENTIAL, type Diverging, type Sequential} from '../render/tables';
import {opacity, scaleMode, sequential, type ScaleMode} from '../store/view';
import {Popover, Slider} from './controls';
import {percent} from './format';
import {useLazy} from './lazy';
import {Menu} from './Menu';

const NAMES: Record<Sequential | Diverging, string> = {
  inferno: 'Inferno', viridis: 'Viridis', cividis: 'Cividis', magma: 'Magma', gray: 'Grey', RdBu: 'Red, blue', PuOr: 'Orange, violet',
};
export const named = <T extends Sequential | Diverging>(all: readonly T[]) => all.map((value) => ({value, label: NAMES[value]}));

const SCALE_OPTIONS: {value: ScaleMode; label: string}[] = [
  {value: 'shared', label: 'all records, p99'},
  {value: 'column', label: 'column, p99'},
  {value: 'log', label: 'all records, log'},
  {value: 'map', label: 'this map'},
];

export function MapMenu({class: extra}: {class?: string}) {
  return <Menu label="Map" showLabel={false} options={named(SEQUENTIAL)} value={sequential.value} onChange={(value) => (sequential.value = value)} {...(extra && {class: extra})} />;
}

export function ScaleMenu({class: extra, named: isNamed = true}: {class?: string; named?: boolean}) {
  return <Menu label="Scale" showLabel={isNamed} options={SCALE_OPTIONS} value={scaleMode.value} changed={scaleMode.value !== 'shared'} onChange={(value) => (scaleMode.value = value)} {...(extra && {class: extra})} />;
}

export function OverlaySlider({class: extra = ''}: {class?: string}) {
  return (
    <span class={`slider ${extra}`}>
      <span class="cap">Overlay</span>
      <Slider label="Overlay" value={opacity.value} high={1} step={0.05} text={percent(opacity.value)} onInput={(value) => (opacity.value = value)} />
    </span>
  );
}

export interface DisplaySettingsProps {
  /** Whether maps lie over pictures. */
  overlay?: boolean;
  /** Controls that a narrow toolbar has no room for. */
  children?: ComponentChildren;
}

function Settings(props: DisplaySettingsProps) {
  const Panel = useLazy<DisplaySettingsProps>('display', () => import('./DisplayPanel'));
  if (Panel === 'gone') return <p class="settings cap">tb_explain was updated. Reload the page.</p>;
  return Panel === 'loading' ? <div class="settings" /> : <Panel {...props} />;
}

/** Settings of all maps. */
export function DisplaySettings(props: DisplaySettingsProps) {
  return (
    <Popover label="Display settings" icon="settings" class="end">
      <Settings {...props} />
    </Popover>
  );
}
