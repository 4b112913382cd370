import type {MapTag, RunData} from '../api';
import {trustOf, type Trust as TrustOf} from '../store/trust';
import {Icon, type IconName} from './icons';

const ICONS: Record<TrustOf['kind'], IconName> = {follows: 'follows', ignores: 'ignores', none: 'shield', loading: 'shield'};
const CLASSES: Record<TrustOf['kind'], string> = {follows: 'trust ok', ignores: 'trust bad', none: 'trust', loading: 'trust wait'};

/** What the model is compared with. */
export const otherModel = (trust: TrustOf): string => ('randomized' in trust && trust.randomized ? 'random weights' : 'the untrained model');

/** What the badge tells in a sentence. */
export function trustWords(trust: TrustOf): string {
  const {kind, control} = trust;
  if (control === null) {
    return kind === 'loading' ? '' : 'No control: no map of the untrained model. tbx.metrics.ParameterRandomization(every=10) judges trained models.';
  }
  const figures = `rank correlation with the maps of ${otherModel(trust)} ${two(control)}`;
  return kind === 'follows' ? `Changes with the model: ${figures}.` : `Shows the picture, not the model: ${figures}.`;
}

/** A correlation with two digits: .04. */
const two = (value: number): string => value.toFixed(2).replace(/^-?0?/, Math.round(value * 100) < 0 ? '\u2212' : '');

interface TrustProps {
  run: RunData;
  /** The tags of one explainer. */
  tags: readonly MapTag[];
  /** Shows icon and figure only. */
  short?: boolean;
  /** Step to judge by; where the step stands still where it is left out. */
  at?: number;
}

/** Says beside an explainer whether it follows the model or ignores it. */
export function Trust({run, tags, short = false, at}: TrustProps) {
  const trust = at === undefined ? trustOf(run, tags) : trustOf(run, tags, at);
  const words = trust.kind === 'follows' ? 'follows model · ' : 'ignores model · ';
  const isKnown = trust.control !== null;
  return (
    <span class={CLASSES[trust.kind]} title={trustWords(trust)}>
      <Icon name={ICONS[trust.kind]} />
      <span>
        {isKnown && <span class={short ? 'sr' : 'w'}>{words}</span>}
        {isKnown ? two(trust.control) : <span class={short ? 'sr' : ''}>{trust.kind === 'none' ? 'no control' : '\u00a0'}</span>}
      </span>
    </span>
  );
}
