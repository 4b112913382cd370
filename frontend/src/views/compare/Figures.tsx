import {computed, type ReadonlySignal} from '@preact/signals';
import {TOP} from '../../measures/overlap';
import {percent} from '../../ui/format';
import {chosenPair, figuresOf, type Pair, type PairAt, type PairFigures} from './pair';
import {share} from './words';

const MASS = 'relevance_mass';

const TITLES = {
  drift: '1 less Spearman’s rank correlation of all cells: 0 the same order, 1 nothing left of it, 2 the opposite one.',
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

const recordsMass = (pair: PairAt): boolean => pair.status === 'ready' && (MASS in pair.a.figures || MASS in pair.b.figures);

const exact = computed(() => {
  const pair = chosenPair.value;
  return pair.status === 'ready' && !pair.a.coarse && !pair.b.coarse ? pair : null;
});
const figures = computed(() => exact.value && figuresOf(exact.value));
const textOf = (name: keyof PairFigures) => computed(() => text(figures.value?.[name] ?? null));
const [drift, overlap, norm] = [textOf('drift'), textOf('overlap'), textOf('norm')];
const mass = computed(() => (exact.value ? massText(exact.value) : '–'));
let hadMass = false;
// While maps are on their way the row keeps its places.
const hasMass = computed(() => {
  const pair = chosenPair.value;
  return (hadMass = pair.status === 'loading' ? hadMass : recordsMass(pair));
});

/** How alike both maps are, in figures; while the step moves those of large maps wait. */
export function Figures() {
  return (
    <dl class="figs">
      <Figure name="drift" value={drift} words="drift from A to B" title={TITLES.drift} />
      <Figure name="overlap" value={overlap} words={`overlap of the top ${percent(TOP)} (IoU)`} title={TITLES.overlap} />
      <Figure name="norm" value={norm} words="norm of the difference" title={TITLES.norm} />
      {hasMass.value && <Figure name="mass" value={mass} words="mass on the object, A → B" title={TITLES.mass} />}
    </dl>
  );
}
