import type {MapTag, RunData} from '../../api';
import type {Finding} from '../../store/findings';
import {shownMap} from '../../store/attention';
import {mapsOfSample} from '../../store/maps';
import {sampleName} from '../../store/predictions';
import {isMaps} from '../../store/runs';
import {pictures} from '../../store/tables';
import {sample} from '../../store/view';
import {MapCell} from '../../ui/Cell';
import {sampleTags} from './cards';
import {useInSight} from './in_sight';

interface ThumbnailProps {
  run: RunData;
  tag: MapTag;
  sample: number;
  /** Step to show; the current one where it is left out. */
  at?: number | undefined;
}

/** The map of a sample, small. */
export function SampleThumbnail({run, tag, sample: index, at}: ThumbnailProps) {
  const map = shownMap(tag, index);
  const shots = pictures(run);
  if (map < 0) return null;
  const picture = shots.status === 'ready' ? shots.value.pictures.get(index) : undefined;
  return (
    <MapCell
      run={run} tag={tag} map={map} sample={index} at={at} picture={picture} pixelated={run.samples?.pixelated ?? false}
      name={`${tag.facts.title} of ${sampleName(run, index)}`} opens={false} tabIndex={-1} class="thumb"
    />
  );
}

/** One channel of a layer on the chosen sample. */
export function ChannelThumbnail({run, tag, map, at}: {run: RunData; tag: MapTag; map: number; at?: number | undefined}) {
  return (
    <MapCell
      run={run} tag={tag} map={map} at={at} solid sharp tabIndex={-1} opens={false} class="thumb"
      name={`Channel ${tag.columns.channel[map] ?? map} of ${tag.facts.layer ?? 'the layer'}`}
    />
  );
}

/** Sample that stands for a finding: its own, or the first one of its class. */
export function sampleOf({sample: own, class: label}: Pick<Finding, 'sample' | 'class'>, run: RunData): number {
  if (own !== null) return own;
  const first = label === null ? -1 : (run.samples?.labels.findIndex((one) => one === label) ?? -1);
  return first >= 0 ? first : Math.min(sample.value, Math.max(0, (run.samples?.count ?? 1) - 1));
}

function Content({finding, run}: {finding: Finding; run: RunData}) {
  const own = run.tags.filter(isMaps).find(({tag}) => tag === finding.tag);
  const isOfSample = own?.kind === 'attribution' || own?.kind === 'attention';
  if (finding.layer !== null && !isOfSample && finding.sample === null) {
    const channels = run.tags.filter(isMaps).find(({kind, facts}) => kind === 'activation' && facts.layer === finding.layer);
    const map = channels ? mapsOfSample(channels, sampleOf(finding, run))[0] : undefined;
    if (/dead/.test(finding.rule)) return <span class="cell hatched" />;
    return channels && map !== undefined && <ChannelThumbnail run={run} tag={channels} map={map} at={finding.from} />;
  }
  const tag = isOfSample ? own : sampleTags(run)[0];
  if (!tag || (finding.sample === null && finding.class === null && finding.tag === null)) return null;
  return <SampleThumbnail run={run} tag={tag} sample={sampleOf(finding, run)} at={finding.from} />;
}

/** What a finding looks like at the record at which it began. */
export function FindingThumbnail({finding, run}: {finding: Finding; run: RunData}) {
  const {box, seen} = useInSight<HTMLSpanElement>();
  return <span class="fd-thumb" ref={box}>{seen && <Content finding={finding} run={run} />}</span>;
}
