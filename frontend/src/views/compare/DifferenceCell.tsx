import {computed, effect} from '@preact/signals';
import {useEffect, useMemo, useRef} from 'preact/hooks';
import {describe} from '../../render/words';
import {resting} from '../../store/rest';
import {cells} from '../../store/view';
import {className} from '../../store/predictions';
import {Fit, pictureProportion} from '../../ui/Fit';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Badge, type BadgeProps} from '../../ui/Badge';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {chosenDifference, chosenPair, type Pair} from './pair';
import {paintChosen, usePaint} from './painting';
import type {ChosenSide, Match} from './sides';
import {kind} from './state';
import {KIND_TITLES} from './words';

interface DifferenceProps {
  a: ChosenSide;
  b: ChosenSide;
  match: Match;
  picture: string | undefined;
  pixelated: boolean;
}

/** Says that both maps explain different classes. */
function classes(pair: Pair, {a, b}: DifferenceProps): BadgeProps | null {
  if (pair.a.target === null || pair.b.target === null) return null;
  const [before, after] = [className(a.data, pair.a.target), className(b.data, pair.b.target)];
  if (before === after) return null;
  const title = `A explains ${before}, B explains ${after}: strengths of different classes are no equals.`;
  return {icon: 'flip', text: 'different classes', title};
}

function Classes(props: DifferenceProps) {
  const badge = useMemo(() => {
    let last: BadgeProps | null = null;
    return computed(() => {
      const now = chosenPair.value.status === 'ready' ? classes(chosenPair.value, props) : null;
      return (last = now?.title === last?.title ? last : now);
    });
  }, [props.a, props.b]);
  return badge.value && <Badge {...badge.value} />;
}

const at = computed(() => (chosenDifference.value ? {status: 'ready' as const, map: chosenDifference.value} : {status: 'none' as const}));

/** The difference of both maps over the picture of A. */
export function DifferenceCell(props: DifferenceProps) {
  const {a, b, match, picture, pixelated} = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  usePaint(() => paintChosen(canvas.current!, match, !picture), [a, b, match, picture]);
  useEffect(() => effect(() => {
    if (!resting.value || !box.current) return;
    const words = chosenDifference.value ? describe(chosenDifference.value) : 'no map';
    box.current.setAttribute('aria-label', `Difference, ${KIND_TITLES[kind.value]}: ${words}`);
  }), []);
  return (
    <div ref={box} class={['cell', picture ? 'map' : 'solid', cells.value ? 'raw' : ''].join(' ')} role="img" tabIndex={0} aria-label="Difference" data-side="difference">
      <Fit of={pictureProportion(a.data)}>
        {picture && <Picture grey address={picture} pixelated={pixelated} />}
        <canvas ref={canvas} aria-hidden="true" />
        <ObjectOutline run={a.data} sample={match.a} />
        {match.shown !== null && <Reticle sample={match.shown} at={at} />}
      </Fit>
      <Classes {...props} />
    </div>
  );
}
