// What is compared as long as nobody has chosen, so that the view never opens empty.
import type {MapTag, RunData} from '../../api';
import {isMaps} from '../../store/runs';
import type {Side} from '../../store/selection';
import {lastNotAbove, tagSteps} from '../../store/steps';

const COMPARED = new Set<string>(['attribution', 'attention']);

/** Tags with maps of samples. */
export const comparable = (run: RunData): MapTag[] =>
  run.tags.filter(isMaps).filter(({kind}) => COMPARED.has(kind));

const tagOf = (run: RunData, name: string): MapTag | undefined => comparable(run).find(({tag}) => tag === name);

/** The maps that a side names, or those of its run that are most like them. */
export function closestTag(run: RunData, name: string, like?: MapTag): MapTag | undefined {
  const all = comparable(run);
  const sameKind = like && all.find(({facts}) => facts.explainer === like.facts.explainer && facts.target === like.facts.target);
  return tagOf(run, name) ?? sameKind ?? all[0];
}

/** Whether two runs were asked about some of the same samples. */
function shareSamples(a: RunData, b: RunData): boolean {
  const known = new Set(a.samples?.hashes);
  return b.samples?.hashes.some((hash) => known.has(hash)) ?? false;
}

/** The shown run: what B shows, if it has that too, or its first maps in sight. */
export function usualA(run: RunData, visible: readonly MapTag[], b: Side | null): Side | null {
  const tag = (b && b.run !== run.run && tagOf(run, b.tag)) || visible[0] || comparable(run)[0];
  return tag ? {run: run.run, tag: tag.tag, step: null} : null;
}

/**
 * The next run with the same maps; else the same maps at another record, the first where that is
 * another one; else other maps of the same run. `null` where there is nothing to compare with.
 */
export function usualB(a: Side, runs: readonly RunData[]): Side | null {
  const at = runs.findIndex(({run}) => run === a.run);
  const own = runs[at];
  const tag = own && tagOf(own, a.tag);
  if (!own || !tag) return null;
  const others = [...runs.slice(at + 1), ...runs.slice(0, at)];
  const next = others.find((run) => tagOf(run, a.tag) && shareSamples(own, run));
  if (next) return {...a, run: next.run};
  const steps = tagSteps(own, tag);
  if (steps.length > 1) return {...a, step: otherStep(steps, a.step)};
  const other = comparable(own).find((entry) => entry.tag !== a.tag);
  return other ? {run: a.run, tag: other.tag, step: a.step} : null;
}

function otherStep(steps: readonly number[], step: number | null): number {
  const isFirst = step !== null && lastNotAbove(steps, step) <= 0;
  return isFirst ? steps.at(-1)! : steps[0]!;
}
