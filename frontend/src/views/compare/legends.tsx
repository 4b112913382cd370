import {END_WORDS, topOf} from '../../render/scale';
import {diverging, scaleMode, sequential} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {figure} from '../../ui/format';
import {Legend} from '../../ui/Legend';
import {chosenDifference, colourExtent, differenceStyle, differenceTop, divided} from './pair';
import {useComputedOf} from './painting';
import {readSide, type ChosenSide, type Match} from './sides';
import {kind} from './state';

const MINUS = '\u2212';

interface Ends {
  top: string;
  /** The end as a number, where it is known. */
  value?: number;
  clipped: boolean;
}

/** End of the scale of one side as text; empty while it is on its way. */
function sideEnds(side: ChosenSide, match: Match): Ends {
  const mode = scaleMode.value;
  const own = side.name === 'a' ? match.a : match.b;
  if (own === null) return {top: '', clipped: false};
  if (mode === 'map') {
    const now = readSide(side, own);
    return {top: now.status === 'ready' ? figure(now.map.scale) : '', clipped: false};
  }
  const extent = colourExtent(side, match);
  const top = extent && topOf(mode, {scale: 0}, extent);
  return top && extent ? {top: figure(top), value: top, clipped: extent.maximum > top} : {top: '', clipped: false};
}

const titles = {
  shared: (top: string) => `Colours span all records of A and B up to the 99th percentile: ${top}. Larger values take the last colour.`,
  column: (top: string) => `Colours span all samples and records of A and B up to the 99th percentile: ${top}. Larger values take the last colour.`,
  log: (top: string) => `Colours span three decades up to the largest value of all records of A and B: ${top}.`,
  map: (top: string) => `Colours span this map up to its largest value: ${top}. Colours of A and B cannot be compared.`,
};

/** The scale of one side; both have the same as long as their values can be compared. */
export function SideLegend({side, match, solid}: {side: ChosenSide; match: Match; solid: boolean}) {
  const ends = useComputedOf(() => {
    const {top, clipped, value = 0} = sideEnds(side, match);
    return `${top}\n${clipped ? '1' : ''}\n${value}`;
  }, [side, match]);
  const [top = '', clipped, value] = ends.value.split('\n');
  const tops = Number(value) > 0 ? ([Number(value), Number(value)] as const) : undefined;
  const {signed} = side.maps.facts;
  const mode = scaleMode.value;
  void [sequential.value, diverging.value];
  const high = `${END_WORDS[mode]} ${signed ? '±' : ''}${top}`;
  const labels = !top ? ['\u00a0'] : signed ? [MINUS + top, '0', high] : ['0', high];
  const all = divided.value && mode !== 'map' ? titles[mode](top).replace('A and B', side.name.toUpperCase()) : titles[mode](top);
  return <Legend style={styleOf(signed, solid)} ends={labels} clipped={Boolean(clipped)} title={all} tops={tops} />;
}

/** Text of the end of the scale of the difference, and whether values lie beyond it. */
function differenceEnds(match: Match): Ends {
  const map = chosenDifference.value;
  const top = map && differenceTop(map, match, kind.value);
  return top === null ? {top: '', clipped: false} : {top: figure(top), clipped: map!.scale > top * 1.0001};
}

function differenceTitle(top: string, clipped: boolean): string {
  if (kind.value === 'ranks') return 'By how much of all cells a cell moves up or down in the order of its map.';
  const whose = divided.value ? 'Each map is divided by the end of its own scale.' : 'The same scale as A and B.';
  return clipped ? `${whose} Differences beyond ${top} take the last colour.` : whose;
}

/** The scale of the difference. */
export function DifferenceLegend({match, solid}: {match: Match; solid: boolean}) {
  const ends = useComputedOf(() => {
    const {top, clipped} = differenceEnds(match);
    return `${top}\n${clipped ? '1' : ''}`;
  }, [match]);
  const [top = '', clipped] = ends.value.split('\n');
  const style = differenceStyle(kind.value, solid);
  const unit = divided.value && kind.value !== 'ranks' ? `\u202f× ${END_WORDS[scaleMode.value]}` : '';
  const signed = [MINUS + top, '0', `+${top}${unit}`];
  const labels = !top ? ['\u00a0'] : kind.value === 'absolute' ? ['0', top + unit] : signed;
  return <Legend style={style} ends={labels} clipped={Boolean(clipped)} title={differenceTitle(top, Boolean(clipped))} />;
}
