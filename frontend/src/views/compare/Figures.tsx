import {computed, type ReadonlySignal} from '@preact/signals';
import {useMemo} from 'preact/hooks';
import {TOP} from '../../measures/overlap';
import {percent} from '../../ui/format';
import {figuresOf, pairOf, type Pair, type PairAt} from './pair';
import type {ChosenSide, Match} from './sides';
import {share} from './words';

const MASS = 'relevance_mass';

const TITLES = {
  rank: 'Spearman’s rank correlation of all cells: 1 the same order, 0 none, −1 the opposite one.',
  overlap: 'Of the strongest 20 % of the cells of both maps: those in both over those in either.',
  norm: '‖B − A‖ / (‖A‖ + ‖B‖): 0 for equal maps, 1 for maps that have nothing in common.',
  mass: 'Share of the relevance that lies on the object, by its mask.',
};

const text = (value: number | null): string => (value === null ? '–' : share(value));

function massText({a, b}: Pair): string {
  const words = (value: number | null | undefined) => (value === null || value === undefined ? '–' : percent(value));
  return `${words(a.figures[MASS])} → ${words(b.figures[MASS])}`;
}

function Figure({value, words, title, name}: {value: ReadonlySignal<string>; words: string; title: string; name: string}) {
  return (
    <div title={title}>
      <dt class="cap">{words}</dt>
      <dd class="t4" data-figure={name}>{value}</dd>
    </div>
  );
}

/** How alike both maps are, in figures; while the step moves those of large maps wait. */
export function Figures({a, b, match}: {a: ChosenSide; b: ChosenSide; match: Match}) {
  const now = useMemo(() => {
    const pair = computed<PairAt>(() => pairOf(match));
    const exact = computed(() => (pair.value.status === 'ready' && !pair.value.a.coarse && !pair.value.b.coarse ? pair.value : null));
    const figures = computed(() => exact.value && figuresOf(exact.value));
    const of = (name: 'rank' | 'overlap' | 'norm') => computed(() => (figures.value ? text(figures.value[name]) : '–'));
    return {rank: of('rank'), overlap: of('overlap'), norm: of('norm'), mass: computed(() => (exact.value ? massText(exact.value) : '–')), hasMass: computed(() => recordsMass(pair.value))};
  }, [a, b, match]);
  return (
    <dl class="figs">
      <Figure name="rank" value={now.rank} words="rank correlation" title={TITLES.rank} />
      <Figure name="overlap" value={now.overlap} words={`overlap of the top ${percent(TOP)} (IoU)`} title={TITLES.overlap} />
      <Figure name="norm" value={now.norm} words="norm of the difference" title={TITLES.norm} />
      {now.hasMass.value && <Figure name="mass" value={now.mass} words="mass on the object, A → B" title={TITLES.mass} />}
    </dl>
  );
}

const recordsMass = (pair: PairAt): boolean => pair.status === 'ready' && (MASS in pair.a.figures || MASS in pair.b.figures);
