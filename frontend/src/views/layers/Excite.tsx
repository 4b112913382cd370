import type {MapTag, RunData} from '../../api';
import {decodeValues, type StoredMap} from '../../records/maps';
import {mapAt} from '../../store/maps';
import {sampleName} from '../../store/predictions';
import {pictures} from '../../store/tables';
import {sample as chosenSample} from '../../store/view';
import {MapCell} from '../../ui/Cell';
import {mapsOfChannel} from './channel_entries';
import {formatStrength} from './quantity';
import {jointExtent} from './scale';
import {settledStep} from './settled';
import {useComputedOf} from './use_computed';

interface ExciteProps {
  run: RunData;
  tag: MapTag;
  channel: number;
}

const PLACES = 5;

/** The samples with the largest value in a channel, the map over their pictures. */
export function Excite({run, tag, channel}: ExciteProps) {
  const strongest = useComputedOf(() => strongestSamples(run, tag, channel, settledStep.value), [run, tag, channel]).value;
  const maps = strongest.map(({map}) => map);
  const extent = useComputedOf(() => jointExtent(run, tag, maps), [run, tag, maps.join()]);
  const state = pictures(run);
  const shown = state.status === 'ready' ? state.value.pictures : null;
  if (!strongest.length) return null;
  return (
    <section aria-label={`Samples that excite channel ${channel} most`}>
      <h3><span class="b">Excite it most</span><span class="cap">largest value, at the ring</span></h3>
      <div class="rowline">
        {strongest.map(({map, sample, peak, place}) => (
          <figure key={`${map} of ${maps.join()}`} class="excite">
            <div onClick={() => (chosenSample.value = sample)}>
              <MapCell
                {...{run, tag, map, sample}} extent={() => extent.value} tabIndex={-1}
                picture={shown?.get(sample)} pixelated={run.samples?.pixelated ?? false}
                name={`Channel ${channel} on ${sampleName(run, sample)}`}
              >
                <i class="peak" style={{left: `${place.x * 100}%`, top: `${place.y * 100}%`}} />
              </MapCell>
            </div>
            <figcaption title={`${sampleName(run, sample)}: ${formatStrength(peak)} at the ring`}>{formatStrength(peak)}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}

interface Excited {
  map: number;
  sample: number;
  peak: number;
  /** Where the largest value lies, as shares of the width and height. */
  place: {x: number; y: number};
}

function peakOf(map: StoredMap): Pick<Excited, 'peak' | 'place'> {
  const values = decodeValues(map);
  const at = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  const place = {x: ((at % map.cols) + 0.5) / map.cols, y: (Math.floor(at / map.cols) + 0.5) / map.rows};
  return {peak: values[at] ?? 0, place};
}

function strongestSamples(run: RunData, tag: MapTag, channel: number, at: number): Excited[] {
  const found = mapsOfChannel(tag, channel).flatMap((map): Excited[] => {
    const state = mapAt(run, tag, at, map);
    const sample = tag.columns.sample[map] ?? null;
    if (state.status !== 'ready' || sample === null) return [];
    return [{map, sample, ...peakOf(state.map)}];
  });
  return found.filter(({peak}) => peak > 0).sort((a, b) => b.peak - a.peak).slice(0, PLACES);
}
