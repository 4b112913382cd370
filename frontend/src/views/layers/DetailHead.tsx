import type {ReadonlySignal} from '@preact/signals';
import type {MapTag, RunData} from '../../api';
import type {Extent} from '../../render/scale';
import {point, unpoint} from '../../store/pointer';
import {sampleName} from '../../store/predictions';
import {pictures} from '../../store/tables';
import {stepText} from '../../store/time';
import {Icon} from '../../ui/icons';
import {Legend} from '../../ui/Legend';
import {Fit, pictureProportion} from '../../ui/Fit';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {DuplicateTag} from './DuplicateTag';
import {FilterOfChannel} from './FilterOfChannel';
import type {LayerNode} from './ladder';
import {pane, shownSample, statistics, statisticsIndex, tagOf} from './model';
import {formatParameters} from './quantity';
import {legendOf} from './scale';
import {deadChannels, layerSeries} from './statistics';
import {deadSince, layerWords} from './words';

interface DetailHeadProps {
  run: RunData;
  node: LayerNode;
  /** The tag that the open part shows. */
  tag: MapTag | undefined;
  extent: ReadonlySignal<Extent | null>;
}

/** The picture, what the layer is, the filter of the chosen channel, the scale. */
export function DetailHead({run, node, tag, extent}: DetailHeadProps) {
  const filters = tagOf('filters', node.path);
  const features = tagOf('features', node.path);
  return (
    <header class="det-head">
      <LinkedPicture run={run} />
      <div class="who">
        <h2 class="t3" title={node.path}>{node.name || '(no name)'}</h2>
        <p class="cap">{layerWords(node, tagOf('channels', node.path), filters)}</p>
        <Tags run={run} node={node} filters={filters} />
      </div>
      {pane.value === 'channels' && filters && <FilterOfChannel run={run} tag={filters} node={node} part="filters" />}
      {pane.value === 'channels' && features && <FilterOfChannel run={run} tag={features} node={node} part="features" />}
      {tag && <Scale run={run} tag={tag} extent={extent} />}
    </header>
  );
}

function LinkedPicture({run}: {run: RunData}) {
  const sample = shownSample.value;
  const state = pictures(run);
  const address = state.status === 'ready' ? state.value.pictures.get(sample) : undefined;
  if (!address) return null;
  return (
    <div
      class="cell" role="img" aria-label={`Picture of ${sampleName(run, sample)}`}
      onPointerMove={(event) => point(sample, event, event.currentTarget)} onPointerLeave={unpoint}
    >
      <Fit of={pictureProportion(run)}>
        <Picture address={address} pixelated={run.samples?.pixelated ?? false} />
        <ObjectOutline run={run} sample={sample} />
        <Reticle sample={sample} at={null} />
      </Fit>
    </div>
  );
}

function Tags({run, node, filters}: {run: RunData; node: LayerNode; filters: MapTag | undefined}) {
  const frozen = node.parameters > 0 && !node.trainable;
  return (
    <div class="tags">
      {node.parameters > 0 && <span class="tag">{formatParameters(node.parameters)} parameters</span>}
      {frozen && <span class="tag"><Icon name="lock" />frozen</span>}
      <DeadTag node={node} />
      {filters && <DuplicateTag run={run} tag={filters} />}
    </div>
  );
}

function DeadTag({node}: {node: LayerNode}) {
  const known = statistics.value;
  const now = statisticsIndex.value;
  const dead = known && now >= 0 ? deadChannels(known, node, now) : null;
  if (!known || !dead) return null;
  const since = deadSince(layerSeries(known, 'dead', node.path), now);
  const words = since === null || since === now ? `${dead} dead` : `${dead} dead since ${stepText(known.steps[since]!)}`;
  return (
    <span class="tag warn" title={`${dead} channels are 0 on every sample`}>
      <Icon name="warning" />{words}
    </span>
  );
}

function Scale({run, tag, extent}: {run: RunData; tag: MapTag; extent: ReadonlySignal<Extent | null>}) {
  const words = legendOf(run, tag, extent.value);
  if (!words) return null;
  return <div class="scale"><Legend {...words} /></div>;
}
