// What one should know before comparing both maps.
import type {MapTag} from '../../api';
import {commonGrid} from '../../measures/difference';
import {END_WORDS} from '../../render/scale';
import type {ChosenSide} from './sides';
import {divided, isOneExplainer} from './pair';
import {scaleMode} from '../../store/view';

const size = ({facts}: MapTag): string => `${facts.shape[0]} × ${facts.shape[1]}`;

/** Says that maps of different grids were brought to one. */
export function gridNote(a: MapTag, b: MapTag): string {
  const [ofA, ofB] = [a, b].map(({facts}) => ({rows: facts.shape[0], cols: facts.shape[1]})) as [Grid, Grid];
  if (ofA.rows === ofB.rows && ofA.cols === ofB.cols) return '';
  const {rows, cols} = commonGrid(ofA, ofB);
  const coarse = [ofA, ofB].flatMap((grid, i) => (grid.rows === rows && grid.cols === cols ? [] : ['AB'[i]]));
  const verb = coarse.length > 1 ? 'are' : 'is';
  return `A has ${size(a)} cells, B ${size(b)}: ${coarse.join(' and ')} ${verb} interpolated to ${rows} × ${cols} for the difference and the figures.`;
}

interface Grid {
  rows: number;
  cols: number;
}

/** Says whether values of both sides mean the same. */
export function scaleNote(a: ChosenSide, b: ChosenSide): string {
  const end = END_WORDS[scaleMode.value] === 'p99' ? 'p99' : 'largest value';
  const whose = isOneExplainer.value ? '' : `Scales of ${a.maps.facts.title} and ${b.maps.facts.title} are not comparable: `;
  if (divided.value) return `${whose || 'A and B: '}each map is divided by its own ${end}.`;
  return whose && `${whose}the difference says little.`;
}

/** Says that one side has a sign and the other has none. */
export function signNote(a: MapTag, b: MapTag): string {
  if (a.facts.signed === b.facts.signed) return '';
  const [signed, other] = a.facts.signed ? ['A', 'B'] : ['B', 'A'];
  return `${signed} has a sign, ${other} has none: evidence against the class is in ${signed} only.`;
}

/** Says that both sides show the very same maps. */
export function sameNote(a: ChosenSide, b: ChosenSide): string {
  const isSame = a.run === b.run && a.tag === b.tag && a.step === b.step && a.head === b.head && a.query === b.query;
  return isSame ? 'A and B show the same map. Choose another one for B.' : '';
}
