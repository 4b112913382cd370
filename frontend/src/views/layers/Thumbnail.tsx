import {useMemo} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import {mapsOfSample} from '../../store/maps';
import {sampleName} from '../../store/predictions';
import {shown} from '../../store/runs';
import {sharedExtent} from '../../store/scales';
import {pictures} from '../../store/tables';
import {MapCell} from '../../ui/Cell';
import {Fit, pictureProportion} from '../../ui/Fit';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {isInput, type LayerNode} from './ladder';
import {shownSample, thumbnailTag} from './model';
import {jointExtent} from './scale';
import {useComputedOf} from './use_computed';

/** The channel of a layer that is strongest on the chosen sample, or the picture itself beside the input. */
export function Thumbnail({node}: {node: LayerNode}) {
  if (isInput(node)) return <InputPicture />;
  const tag = thumbnailTag(node);
  return tag ? <StrongestChannel tag={tag} name={node.name} /> : null;
}

function StrongestChannel({tag, name}: {tag: MapTag; name: string}) {
  const run = shown.value;
  const sample = shownSample.value;
  const maps = useMemo(() => mapsOfSample(tag, sample), [tag, sample]);
  const extent = useComputedOf(() => (run ? jointExtent(run, tag, maps) : null), [run, tag, maps]);
  const map = useComputedOf(() => (run ? strongestMap(run, tag, maps) : undefined), [run, tag, maps]).value;
  if (!run || map === undefined) return null;
  return (
    <MapCell
      run={run} tag={tag} map={map} solid sharp extent={() => extent.value} tabIndex={-1} class="thumb"
      name={`Channel ${tag.columns.channel[map] ?? map} of ${name}`}
    />
  );
}

// Over all records, so that a thumbnail stays the same channel while time runs.
function strongestMap(run: RunData, tag: MapTag, maps: readonly number[]): number | undefined {
  const strength = (map: number): number => sharedExtent(run, tag, map)?.p99 ?? 0;
  return maps.reduce<number | undefined>(
    (best, map) => (best === undefined || strength(map) > strength(best) ? map : best),
    undefined,
  );
}

/** The picture of the chosen sample. */
export function InputPicture() {
  const run = shown.value;
  const state = run && pictures(run);
  const address = state?.status === 'ready' ? state.value.pictures.get(shownSample.value) : undefined;
  if (!run || !address) return null;
  return (
    <div class="cell" role="img" aria-label={`Picture of ${sampleName(run, shownSample.value)}`}>
      <Fit of={pictureProportion(run)}>
        <Picture address={address} pixelated={run.samples?.pixelated ?? false} />
        <ObjectOutline run={run} sample={shownSample.value} />
      </Fit>
    </div>
  );
}
