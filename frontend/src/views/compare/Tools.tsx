import type {DifferenceKind} from '../../measures/difference';
import {swapSides} from '../../store/selection';
import {Segments, Switch} from '../../ui/controls';
import {DisplaySettings, MapMenu, OverlaySlider, ScaleMenu} from '../../ui/Display';
import {Icon} from '../../ui/icons';
import {Menu} from '../../ui/Menu';
import {divide, divided} from './pair';
import {kind, mode, type Mode} from './state';
import {KIND_LABELS} from './words';

const MODE_OPTIONS: {value: Mode; label: string}[] = [
  {value: 'side', label: 'Side by side'},
  {value: 'swipe', label: 'Swipe'},
  {value: 'blink', label: 'Blink'},
];
const KIND_OPTIONS = (Object.keys(KIND_LABELS) as DifferenceKind[]).map((value) => ({value, label: KIND_LABELS[value]}));

/** How both sides are laid out, and what their difference is. */
export function Tools() {
  return (
    <>
      <Segments<Mode> label="Mode" options={MODE_OPTIONS} value={mode.value} onChange={(value) => (mode.value = value)} />
      <button type="button" class="btn" title="Swap A and B (X)" aria-label="Swap A and B" onClick={swapSides}>
        <Icon name="flip" />
        <span class="hide-m">Swap A and B</span>
      </button>
      <Menu<DifferenceKind> label="Difference" options={KIND_OPTIONS} value={kind.value} onChange={(value) => (kind.value = value)} />
    </>
  );
}

export function MapTools() {
  return (
    <>
      <OverlaySlider class="hide-s" />
      <MapMenu class="hide-s" />
      <ScaleMenu class="hide-s" />
      <DisplaySettings>
        <div class="setting">
          <span class="k">A and B</span>
          <span><Switch label="Divide by own scale" title="Divides each map by the end of its own scale, so that maps of different strength can be compared." on={divided.value} onChange={divide} /></span>
        </div>
      </DisplaySettings>
    </>
  );
}
