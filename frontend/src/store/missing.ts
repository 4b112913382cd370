// Explainers that other chosen runs have, or that failed, while the shown run has no maps of them.
import {computed, effect, signal} from '@preact/signals';
import type {RunData} from '../api';
import {explainersOf, visibleTags, type ExplainerEntry} from './explainers';
import {chosenRuns, runData, shown} from './runs';

/** An explainer without maps in the shown run. */
export interface Missing {
  /** Name of its class. */
  explainer: string;
  title: string;
  /** Why it failed, one sentence; `null` where nobody asked for it. */
  failure: string | null;
  /** A chosen run that has it. */
  elsewhere: string | null;
}

const classOf = ({tags}: ExplainerEntry): string => tags[0]!.facts.explainer;

/** Why a run has no maps of an explainer although it was asked for; `null` where it was not. */
function failureOf({progress}: RunData, explainer: string, title: string): string | null {
  const failed = progress.failures.findLast(({tag}) => tag === title || tag.split('/')[0] === explainer);
  return failed?.reason ?? progress.notes.find(({text}) => text.includes(title))?.text ?? null;
}

/** What failed in a run and was never recorded. */
function failedOf(run: RunData, known: ReadonlySet<string>): Missing[] {
  const titles = new Set(explainersOf(run).map(({title}) => title));
  const recorded = new Set(run.tags.map(({tag}) => tag.split('/')[0]));
  const failed = run.progress.failures.map(({tag}) => tag.split('/')[0]!);
  const names = [...new Set(failed)].filter((name) => /^[A-Z]\w+$/.test(name) && !known.has(name) && !titles.has(name) && !recorded.has(name));
  return names.map((name) => ({explainer: name, title: name, failure: failureOf(run, name, name), elsewhere: null}));
}

/** Explainers that the shown run lacks, in the order of the runs that have them. */
export const missing = computed<Missing[]>(() => {
  const run = shown.value;
  if (!run) return [];
  const own = new Set(explainersOf(run).map(classOf));
  const found = new Map<string, Missing>();
  for (const name of chosenRuns.value) {
    const other = runData.value.get(name);
    for (const entry of other ? explainersOf(other) : []) {
      const [explainer, {title}] = [classOf(entry), entry];
      if (own.has(explainer) || found.has(explainer)) continue;
      found.set(explainer, {explainer, title, failure: failureOf(run, explainer, title), elsewhere: name});
    }
  }
  return [...found.values(), ...failedOf(run, new Set([...own, ...found.keys()]))];
});

/** Classes of explainers that were on the screen since the tab was opened. */
const seen = signal<ReadonlySet<string>>(new Set());

/** Remembers what was shown, so that what another run lacks does not vanish. */
effect(() => {
  const run = shown.value;
  const now = run ? visibleTags(run).map(({explainer}) => classOf(explainer)) : [];
  const before = seen.peek();
  if (now.some((one) => !before.has(one))) seen.value = new Set([...before, ...now]);
});

/** Gives up the place of an explainer. */
export const forget = (explainer: string): void => {
  seen.value = new Set([...seen.peek()].filter((one) => one !== explainer));
};

/** Those that were on the screen in another run: their places stay, and say why they are empty. */
export const vanished = computed<Missing[]>(() => missing.value.filter(({explainer}) => seen.value.has(explainer)));
