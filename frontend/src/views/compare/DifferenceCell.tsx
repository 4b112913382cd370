import {computed, effect, type ReadonlySignal} from '@preact/signals';
import {useEffect, useMemo, useRef} from 'preact/hooks';
import {describe} from '../../render/words';
import {resting} from '../../store/rest';
import {cells} from '../../store/view';
import {className} from '../../store/predictions';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Badge, type BadgeProps} from '../../ui/Badge';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {differenceMap, pairOf, type Pair, type PairAt} from './pair';
import {paintDifference, usePaint} from './painting';
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

function Classes(props: DifferenceProps & {pair: ReadonlySignal<PairAt>}) {
  const badge = useMemo(() => {
    let last: BadgeProps | null = null;
    return computed(() => {
      const now = props.pair.value.status === 'ready' ? classes(props.pair.value, props) : null;
      return (last = now?.title === last?.title ? last : now);
    });
  }, [props.pair]);
  return badge.value && <Badge {...badge.value} />;
}

const NOTHING = {status: 'none'} as const;

/** The difference of both maps over the picture of A. */
export function DifferenceCell(props: DifferenceProps) {
  const {a, b, match, picture, pixelated} = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const pair = useMemo(() => computed(() => pairOf(match)), [a, b, match]);
  const at = useMemo(() => computed(() => {
    const now = pair.value;
    return now.status === 'ready' ? {status: 'ready' as const, map: differenceMap(now, kind.value)} : NOTHING;
  }), [pair]);
  usePaint(() => paintDifference(canvas.current!, pair.value, match, !picture), [pair, picture]);
  useEffect(() => effect(() => {
    if (!resting.value || !box.current) return;
    const words = at.value.status === 'ready' ? describe(at.value.map) : 'no map';
    box.current.setAttribute('aria-label', `Difference, ${KIND_TITLES[kind.value]}: ${words}`);
  }), [at]);
  return (
    <div ref={box} class={['cell', picture ? 'map' : 'solid', cells.value ? 'raw' : ''].join(' ')} role="img" tabIndex={0} aria-label="Difference" data-side="difference">
      {picture && <Picture grey address={picture} pixelated={pixelated} />}
      <canvas ref={canvas} aria-hidden="true" />
      <ObjectOutline run={a.data} sample={match.a} />
      <Classes {...props} pair={pair} />
      {match.shown !== null && <Reticle sample={match.shown} at={at} />}
    </div>
  );
}
