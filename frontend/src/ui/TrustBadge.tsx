import {trustOf, type Trust as TrustOf} from '../store/trust';
import {Icon, type IconName} from './icons';
import type {TrustProps} from './Trust';

const ICONS: Record<TrustOf['kind'], IconName> = {follows: 'follows', ignores: 'ignores', undecided: 'shield', none: 'shield', loading: 'shield'};
const WORDS: Partial<Record<TrustOf['kind'], string>> = {follows: 'follows model · ', ignores: 'ignores model · ', undecided: 'undecided · '};
const CLASSES: Record<TrustOf['kind'], string> = {follows: 'trust ok', ignores: 'trust bad', undecided: 'trust', none: 'trust', loading: 'trust wait'};

const JUDGE = 'tbx.metrics.ParameterRandomization(every=10) judges any model.';

/** What the model is compared with. */
export const otherModel = (trust: TrustOf): string => ('randomized' in trust && trust.randomized ? 'random weights' : 'the untrained model');

/** What the badge tells in a sentence. */
export function trustWords(trust: TrustOf): string {
  const {kind, control} = trust;
  if (control === null) {
    return kind === 'loading' ? '' : `No control: no map of the untrained model. ${JUDGE}`;
  }
  const figures = `rank correlation with the maps of ${otherModel(trust)} ${two(control)}`;
  if (kind === 'undecided') return `Undecided: ${figures}, but the model itself has hardly changed since the first record. ${JUDGE}`;
  return kind === 'follows' ? `Changes with the model: ${figures}.` : `Shows the picture, not the model: ${figures}.`;
}

/** A correlation with two digits: .04. */
const two = (value: number): string => value.toFixed(2).replace(/^-?0?/, Math.round(value * 100) < 0 ? '\u2212' : '');

/** Says beside an explainer whether it follows the model or ignores it. */
export function TrustBadge({run, tags, short = false, at}: TrustProps) {
  const trust = at === undefined ? trustOf(run, tags) : trustOf(run, tags, at);
  const isKnown = trust.control !== null;
  return (
    <span class={CLASSES[trust.kind]} title={trustWords(trust)}>
      <Icon name={ICONS[trust.kind]} />
      <span>
        {isKnown && <span class={short ? 'sr' : 'w'}>{WORDS[trust.kind]}</span>}
        {isKnown ? two(trust.control) : <span class={short ? 'sr' : ''}>{trust.kind === 'none' ? 'no control' : '\u00a0'}</span>}
      </span>
    </span>
  );
}
