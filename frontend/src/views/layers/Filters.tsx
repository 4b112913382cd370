import {computed, type ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import type {Figures, MapTag, RunData} from '../../api';
import {Sparkline} from '../../charts/Sparkline';
import type {Extent} from '../../render/scale';
import {isPicture} from '../../records/facts';
import {costOf, costWords} from '../../store/cost';
import {figures} from '../../store/tables';
import {step, stepName, stepText} from '../../store/time';
import {figure, grouped, percent} from '../../ui/format';
import {ChannelTime} from './ChannelTime';
import {chosenPlace} from './Channels';
import {CouldNotRead} from './CouldNotRead';
import {FigureCharts} from './FigureCharts';
import {figuresAt, figureSeries, figureTop} from './figure_series';
import type {LayerNode} from './ladder';
import {MapGrid} from './MapGrid';
import {byChannel, byValue, nearZero, type Place} from './order';
import {PaneHead} from './PaneHead';
import {formatStrength} from './quantity';
import {recordNow} from './record_now';
import {isColour} from './scale';
import {settledStep} from './settled';
import {order, shownCount, wantedChannel} from './state';
import {ALIKE, likenesses, sideBySide, twinOf} from './twins';
import {useComputedOf} from './use_computed';

const FILTERS = {noun: 'Filter', many: 'Filters'} as const;
const FEATURES = {noun: 'Feature', many: 'Features'} as const;

interface FiltersProps {
  run: RunData;
  tag: MapTag;
  node: LayerNode;
  extent: ReadonlySignal<Extent | null>;
}

/**
 * The filters of a convolution, each with the curve of its norm, and the chosen one over time; or
 * the pictures of what excites channels, with the curve of a figure of theirs.
 */
export function Filters({run, tag, node, extent}: FiltersProps) {
  const state = figures(run, tag);
  const known = state.status === 'ready' ? state.value : null;
  const places = useOrder(run, tag, known);
  const shownPlaces = shownCount.value ? places.slice(0, shownCount.value) : places;
  const chosen = chosenPlace(shownPlaces);
  const readExtent = useMemo(() => () => extent.value, [extent]);
  const Caption = useMemo(() => captionOf(run, tag, known), [run, tag, known]);
  const {noun, many} = isPicture(tag.facts) ? FEATURES : FILTERS;
  const sharp = !isPicture(tag.facts);
  const name = chosen && `${noun} ${chosen.channel}`;
  return (
    <section aria-label={many}>
      <PaneHead node={node} words={() => (known ? orderWords(known) : 'By number')} count={countWords(shownPlaces.length, tag)} />
      {state.status === 'error' && <CouldNotRead what="the figures of each" reason={state.reason} retry={state.retry} />}
      <Meaning run={run} tag={tag} known={known} chosen={chosen} />
      <MapGrid
        run={run} tag={tag} places={shownPlaces} chosen={chosen?.channel ?? null} sample={null}
        noun={noun} label={`${many} of ${node.name}`} extent={readExtent} sharp={sharp}
        onChoose={(channel) => (wantedChannel.value = channel)} Caption={Caption}
      />
      {chosen && name && (
        <>
          <div class="under">
            <ChannelTime run={run} tag={tag} map={chosen.map} extent={readExtent} name={name} sharp={sharp} />
          </div>
          {known && <FigureCharts known={known} map={chosen.map} name={name} />}
        </>
      )}
    </section>
  );
}

/** The figure that orders maps and stands below each: norm or change of filters, the only one of features. */
function sortFigure({figures: recorded}: Figures): string {
  if (order.value === 'change' && recorded['change']) return 'change';
  return recorded['norm'] ? 'norm' : (Object.keys(recorded)[0] ?? 'norm');
}

/** Filters in the order of the last step that stood still, so that none jumps while time runs. */
function useOrder(run: RunData, tag: MapTag, known: Figures | null): Place[] {
  return useComputedOf(() => {
    const places = tag.columns.channel.map((channel, map) => ({map, channel: channel ?? map}));
    if (!known || order.value === 'channel') return byChannel(places);
    const alike = order.value === 'alike' ? likenesses(run, tag) : null;
    if (alike) return sideBySide(places, alike, settledStep.value);
    const values = figuresAt(known, sortFigure(known), settledStep.value, places.length);
    return byValue(places.map((place) => ({...place, value: values[place.map] ?? null, dead: false})));
  }, [run, tag, known]).value;
}

/** What stands below a filter: its number, its figure now, and the curve of the figure. */
function captionOf(run: RunData, tag: MapTag, known: Figures | null) {
  if (!known) return ({channel}: Place) => <div class="act-line"><span>{channel}</span></div>;
  const now = recordNow(known.steps);
  const top = computed(() => figureTop(known, sortFigure(known)));
  const filters = tag.columns.channel.length;
  const values = computed(() => figuresAt(known, sortFigure(known), step.value, filters));
  const faint = computed(() => nearZero(figuresAt(known, 'norm', step.value, filters)));
  const Value = ({map}: {map: number}) => {
    const value = values.value[map] ?? null;
    return <span class="cap">{faint.value[map] ? 'near 0' : value === null ? '' : formatStrength(value)}</span>;
  };
  return ({map, channel}: Place) => (
    <>
      <div class="act-line"><span>{channel}<TwinMark run={run} tag={tag} channel={channel} map={map} /></span><Value map={map} /></div>
      <Sparkline values={figureSeries(known, sortFigure(known), map).values} top={top.value} now={now} color="--text-2" />
    </>
  );
}

/** Says beside the number of a filter which other one it almost is. */
function TwinMark({run, tag, channel, map}: {run: RunData; tag: MapTag; channel: number; map: number}) {
  const known = isPicture(tag.facts) ? null : likenesses(run, tag);
  const twin = known && twinOf(known, channel, map, step.value);
  if (!twin || twin.alike < ALIKE) return null;
  return <span class="twin" title={`Almost the same as filter ${twin.twin}: cosine ${figure(twin.alike)}`}> ≈ {twin.twin}</span>;
}

function orderWords(known: Figures): string {
  const now = `at ${stepName.value.toLowerCase()} ${stepText(step.value)}`;
  const sorted = sortFigure(known);
  if (order.value === 'alike') return `Most alike first, beside each other, ${now}`;
  if (!known.figures[sorted]) return `By number, ${now}`;
  const words = sorted.replaceAll('_', ' ');
  if (order.value === 'channel') return `By number, ${now}; ${words} below each`;
  return sorted === 'change' ? `Most changed first, ${now}` : `Largest ${words} first, ${now}`;
}

function countWords(now: number, tag: MapTag): string {
  const recorded = tag.columns.channel.length;
  const all = tag.facts.facts['filters'];
  const words = now < recorded ? `${now} of ${recorded} recorded` : String(recorded);
  const noun = isPicture(tag.facts) ? 'features' : 'filters';
  return typeof all === 'number' && all > recorded ? `${words} of ${all} ${noun}` : `${words} ${noun}`;
}

interface MeaningProps {
  run: RunData;
  tag: MapTag;
  known: Figures | null;
  chosen: Place | undefined;
}

/** How the pictures of filters are to be read, and what those of features cost. */
function Meaning({run, tag, known, chosen}: MeaningProps) {
  const cost = isPicture(tag.facts) ? ` ${costWords(costOf(run, tag))}.` : '';
  return <p class="cap read-as">{meaning(tag, chosen && known ? shareOf(known, chosen) : null)}{cost}</p>;
}

function shareOf(known: Figures, {map, channel}: Place): string | null {
  const share = figuresAt(known, 'share', step.value, map + 1)[map] ?? null;
  return share === null || share >= 1 ? null : `; of filter ${channel} it holds ${percent(share)}`;
}

function meaning(tag: MapTag, share: string | null): string {
  if (isPicture(tag.facts)) return 'Pictures made to excite a channel most, in red, green and blue; mid grey is 0.';
  if (isColour(tag)) return 'In red, green and blue; grey is a weight of 0.';
  const inputs = tag.facts.facts['inputs'];
  if (inputs === 1) return 'Weights on the one input channel.';
  const over = typeof inputs === 'number' ? grouped(inputs) : 'its';
  return `Along the direction over ${over} input channels that holds most of a filter${share ?? ''}.`;
}
