// How alike the maps of all samples are: found once the step stands still, a few at a time.
import {computed, effect, signal, untracked, type ReadonlySignal} from '@preact/signals';
import {mapBytes} from '../../records/maps';
import {setWaiting} from '../../render/ready';
import {GROUP, planOf} from '../../store/plan';
import {predictionsOf} from '../../store/predictions';
import {resting} from '../../store/rest';
import {divided, figuresOf, pairOf, type PairFigures} from './pair';
import {extentOf, matches, readSide, sideA, sideB, type ChosenSide, type Match} from './sides';
import {verdictOf, type Verdict} from './verdict';

/** Milliseconds after which the browser gets its turn. */
const SLICE = 6;
const WAITING = 'figures of all samples';

/** Figures of a sample, and what `tb-explain check` says of it. */
export interface SampleFigures extends PairFigures {
  verdict: Verdict;
}

/** Figures by the index of the sample in A. */
export type AllFigures = ReadonlyMap<number, SampleFigures>;

const found = signal<AllFigures>(new Map());
const fresh = signal(false);

export const allFigures: ReadonlySignal<AllFigures> = found;
/** Whether the figures are those of the maps in sight. */
export const areFresh: ReadonlySignal<boolean> = fresh;

/** What the maps of all samples may take in memory; beyond that they would push each other out. */
const BUDGET = 48 * 2 ** 20;

/** How many samples have figures where maps of these sizes, in bytes of a group, are compared. */
export const mostSamples = (groupA: number, groupB: number): number =>
  GROUP * Math.max(1, Math.floor(BUDGET / (groupA + groupB)));

function groupBytes({data, maps}: ChosenSide): number {
  return GROUP * mapBytes(maps.facts) * planOf(data, maps).full.stepsPerChunk;
}

/** Samples whose figures are found: all, or the first where there are very many. */
export const ranked = computed(() => {
  const [a, b] = [sideA.value, sideB.value];
  return a && b ? matches.value.slice(0, mostSamples(groupBytes(a), groupBytes(b))) : [];
});

/** Whether the maps of all samples that both sides have are there. */
function areThere(list: readonly Match[]): boolean {
  const [a, b] = [sideA.value, sideB.value];
  if (!a || !b) return false;
  const predictions = [a, b].map(({data}) => predictionsOf(data)?.status);
  const isThere = (side: ChosenSide, own: number) => {
    const now = readSide(side, own);
    const hasScale = !divided.value || extentOf(side, own) !== null;
    return now.status !== 'loading' && !(now.status === 'ready' && now.coarse) && hasScale;
  };
  // Every map is asked for, so that all of them travel at once.
  return list.flatMap((match) => [isThere(a, match.a), isThere(b, match.b!)]).every(Boolean)
    && !predictions.includes('loading');
}

/** Works through a list in slices; returns what stops it. */
export function inSlices<T>(list: readonly T[], work: (item: T) => void, done: () => void): () => void {
  let next = 0;
  let timer: ReturnType<typeof setTimeout>;
  const slice = () => {
    const start = performance.now();
    while (next < list.length && performance.now() - start < SLICE) work(list[next++]!);
    if (next < list.length) timer = setTimeout(slice);
    else done();
  };
  timer = setTimeout(slice);
  return () => clearTimeout(timer);
}

function find(list: readonly Match[]): () => void {
  const figures = new Map<number, SampleFigures>();
  const [a, b] = [sideA.peek(), sideB.peek()];
  const work = (match: Match) => {
    const pair = pairOf(match);
    if (!a || !b || pair.status !== 'ready') return;
    const own = figuresOf(pair);
    figures.set(match.a, {...own, verdict: verdictOf(a.data, b.data, match, {pair, drift: own.drift})});
  };
  return inSlices(list, work, () => {
    found.value = figures;
    fresh.value = true;
    setWaiting(WAITING, false);
  });
}

/** Keeps the figures up to date; returns what stops it. */
export function watchFigures(): () => void {
  const stop = effect(() => {
    const isStill = resting.value;
    const list = ranked.value;
    const canFind = isStill && areThere(list);
    untracked(() => (fresh.value = false));
    if (isStill && list.length) setWaiting(WAITING, true);
    return canFind ? find(list) : undefined;
  });
  return () => {
    stop();
    setWaiting(WAITING, false);
  };
}
