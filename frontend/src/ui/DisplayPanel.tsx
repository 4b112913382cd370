import type {ComponentChildren} from 'preact';
import {DIVERGING} from '../render/tables';
import {shown} from '../store/runs';
import {
  cells, cellSize, contour, diverging, masks, opacity, resetDisplay, setCellSize, SIZES, threshold, USUAL_CONTOUR, veil, type Contour,
} from '../store/view';
import {Segments, Slider, Switch} from './controls';
import {MapMenu, named, ScaleMenu, type DisplaySettingsProps} from './Display';
import {percent} from './format';
import {Menu} from './Menu';
import css from './settings.css?inline';
import {addStyle} from './style';

addStyle(css);

function Setting({label, children}: {label: string; children: ComponentChildren}) {
  return (
    <div class="setting">
      <span class="k">{label}</span>
      <span>{children}</span>
    </div>
  );
}

function OverlaySettings() {
  const veils = [{value: 'value', label: 'By value'}, {value: 'even', label: 'Even'}] as const;
  return (
    <>
      <Setting label="Overlay">
        <Slider label="Overlay" value={opacity.value} high={1} step={0.05} text={percent(opacity.value)} onInput={(value) => (opacity.value = value)} />
        <output>{percent(opacity.value)}</output>
      </Setting>
      <Setting label="Opacity">
        <Segments<'value' | 'even'> label="Opacity" options={veils} value={veil.value} onChange={(value) => (veil.value = value)} />
      </Setting>
      <Setting label="Threshold">
        <Slider label="Threshold" value={threshold.value} high={0.95} step={0.05} text={percent(threshold.value)} onInput={(value) => (threshold.value = value)} />
        <output>{percent(threshold.value)}</output>
      </Setting>
    </>
  );
}

const CONTOURS = [
  {value: null, label: 'Off'}, {value: 'share', label: 'Strongest'}, {value: 'scale', label: 'Level'},
] as const;
/** What an outline encloses when its kind is chosen. */
const FIRST: Record<Contour['by'], Contour> = {share: USUAL_CONTOUR, scale: {by: 'scale', level: 0.5}};

function OutlineSettings() {
  const now = contour.value;
  const hasMasks = shown.value?.samples?.masks.some((mask) => mask !== null) ?? false;
  const title = hasMasks ? 'Outline of the object (M)' : 'No masks were recorded; they come from masks= of the callback';
  return (
    <>
      <Setting label="Outline">
        <Segments<Contour['by'] | null> label="Outline" options={CONTOURS} value={now?.by ?? null} onChange={(by) => (contour.value = by && FIRST[by])} />
      </Setting>
      {now && (
        <Setting label={now.by === 'share' ? 'Strongest' : 'Of the scale'}>
          <Slider label="Inside the outline" value={now.level} low={0.05} high={now.by === 'share' ? 0.5 : 0.95} step={0.05} text={percent(now.level)} onInput={(level) => (contour.value = {...now, level})} />
          <output>{percent(now.level)}</output>
        </Setting>
      )}
      <Setting label="Object">
        <Switch label="Outline of its mask" on={masks.value} title={title} onChange={(on) => (masks.value = on)} />
      </Setting>
    </>
  );
}

const DETAILS = [{value: false, label: 'Smooth'}, {value: true, label: 'Cells'}];
const SIZE_OPTIONS = SIZES.map((value) => ({value: value as number, label: String(value)}));

/** The settings themselves, once somebody opens them. */
export default function DisplayPanel({overlay = true, children}: DisplaySettingsProps) {
  return (
    <div class="settings">
      {children}
      {overlay && <OverlaySettings />}
      <OutlineSettings />
      <Setting label="Detail">
        <Segments label="Detail" options={DETAILS} value={cells.value} onChange={(value) => (cells.value = value)} />
      </Setting>
      <Setting label="Cell size">
        <Segments label="Cell size" options={SIZE_OPTIONS} value={cellSize.value} onChange={setCellSize} />
      </Setting>
      <Setting label="Scale"><ScaleMenu named={false} /></Setting>
      <Setting label="Map"><MapMenu /></Setting>
      <Setting label="Signed">
        <Menu label="Map of signed values" showLabel={false} options={named(DIVERGING)} value={diverging.value} onChange={(value) => (diverging.value = value)} />
      </Setting>
      <button type="button" class="btn line" onClick={resetDisplay}>Reset</button>
    </div>
  );
}
