import {batch, computed, signal, type ReadonlySignal} from '@preact/signals';
import type {MapTag, PredictionTag, RunData, RunEntry, StatisticsTag, TagEntry} from '../api';
import {hostRuns} from '../host';
import {linked, names, optional, text} from './link';

/** Runs that have explanations, as the server lists them; `null` before the first answer. */
export const runs = signal<RunEntry[] | null>(null);
/** How many runs the server has still to read. */
export const unread = signal(0);
/** Data of the chosen runs by name. A run that was deleted keeps what was read. */
export const runData = signal<ReadonlyMap<string, RunData>>(new Map());
/** Runs that the server no longer lists although they are chosen. */
export const deletedRuns = signal<readonly string[]>([]);
/** What went wrong with a run, one sentence by name. */
export const runProblems = signal<ReadonlyMap<string, string>>(new Map());

const wantedShown = linked<string | null>('run', null, optional(text));
const wantedChosen = linked<string[]>('runs', [], names);

const FIRST_CHOICE = 3;
/** Runs that are chosen as long as nobody has chosen; what is there stays when others come. */
const usual = signal<readonly string[]>([]);
const known = computed(() => new Set([...(runs.value ?? []).map(({run}) => run), ...deletedRuns.value]));

/** Takes over the server's list: chosen runs stay, and the newest others fill up the first choice. */
export function listRuns(entries: RunEntry[], toCome = 0): void {
  const listed = new Set(entries.map(({run}) => run));
  const latest = [...entries].sort((a, b) => (b.last_time ?? 0) - (a.last_time ?? 0)).map(({run}) => run);
  const kept = usual.peek().filter((run) => listed.has(run) || runData.peek().has(run));
  const fresh = latest.filter((run) => !kept.includes(run)).slice(0, Math.max(0, FIRST_CHOICE - kept.length));
  batch(() => {
    deletedRuns.value = [...runData.peek().keys()].filter((run) => !listed.has(run));
    runs.value = entries;
    unread.value = toCome;
    usual.value = [...kept, ...fresh];
  });
}

/** Name of the run whose pictures are shown; `null` while the one that is wanted may still come. */
export const shownRun: ReadonlySignal<string | null> = computed(() => {
  const wanted = wantedShown.value ?? wantedChosen.value[0];
  if (wanted !== undefined && known.value.has(wanted)) return wanted;
  if (wanted !== undefined && unread.value) return null;
  return wantedChosen.value.find((run) => known.value.has(run)) ?? usual.value[0] ?? null;
});

/** Names of the runs that add curves, the shown one included. */
export const chosenRuns: ReadonlySignal<string[]> = computed(() => {
  const shown = shownRun.value;
  const wanted = wantedChosen.value.filter((run) => known.value.has(run));
  const areToCome = wantedChosen.value.length > 0 && unread.value > 0;
  const list = wanted.length || areToCome ? wanted : [...usual.value];
  return shown === null || list.includes(shown) ? list : [shown, ...list];
});

export function showRun(run: string): void {
  const chosen = chosenRuns.peek();
  wantedChosen.value = chosen.includes(run) ? chosen : [...chosen, run];
  wantedShown.value = run;
}

/** Adds a run to the chosen ones or takes it away; the last one stays. */
export function toggleRun(run: string): void {
  const chosen = chosenRuns.peek();
  const rest = chosen.filter((other) => other !== run);
  if (rest.length === chosen.length) wantedChosen.value = [...chosen, run];
  else if (rest.length) {
    if (shownRun.peek() === run) wantedShown.value = rest[0] ?? null;
    wantedChosen.value = rest;
  }
}

/** Data of the run whose pictures are shown. */
export const shown: ReadonlySignal<RunData | null> = computed(
  () => (shownRun.value !== null && runData.value.get(shownRun.value)) || null,
);

const COLOURS = 7;

/** All runs in TensorBoard's order; those that it has not listed yet come last. */
const colourOrder = computed(() => {
  const own = (runs.value ?? []).map((entry) => entry.run);
  return [...new Set([...hostRuns.value, ...own, ...deletedRuns.value])];
});

/** CSS colour of a run: TensorBoard's palette in TensorBoard's order. */
export function runColour(run: string): string {
  return `var(--run-${Math.max(0, colourOrder.value.indexOf(run)) % COLOURS})`;
}

export interface RunLabel {
  /** The part of the name that differs. */
  name: string;
  /** The rest of the path, empty if there is none. */
  path: string;
}

function segmentsOf(run: string): string[] {
  const segments = run.split('/');
  return segments.length > 1 && segments.at(-1) === 'explain' ? segments.slice(0, -1) : segments;
}

function sharedDepth(path: readonly string[], other: readonly string[]): number {
  const differs = path.findIndex((segment, i) => segment !== other[i]);
  return differs < 0 ? path.length : differs;
}

/**
 * Splits run names into the part that tells a run from the one most like it, and the rest.
 *
 * A trailing `explain`, the usual folder of the records, says nothing and is left out.
 */
export function runLabels(all: readonly string[]): Map<string, RunLabel> {
  const paths = all.map(segmentsOf);
  const label = (path: readonly string[], own: number): RunLabel => {
    const depths = paths.map((other, i) => (i === own ? 0 : sharedDepth(path, other)));
    const at = Math.min(path.length - 1, all.length > 1 ? Math.max(...depths) : path.length - 1);
    const rest = [path.slice(0, at).join('/'), path.slice(at + 1).join('/')].filter(Boolean);
    return {name: path[at] === '.' ? 'log directory' : path[at]!, path: rest.join('/…/')};
  };
  return new Map(all.map((run, i) => [run, label(paths[i]!, i)]));
}

export const isMaps = (tag: TagEntry): tag is MapTag =>
  tag.kind !== 'prediction' && tag.kind !== 'statistics';
export const isPrediction = (tag: TagEntry): tag is PredictionTag => tag.kind === 'prediction';
export const isStatistics = (tag: TagEntry): tag is StatisticsTag => tag.kind === 'statistics';
