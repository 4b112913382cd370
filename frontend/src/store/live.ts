import {batch, computed, effect, signal} from '@preact/signals';
import {getRun, getRuns, getStatus, type RunEntry, type Status} from '../api';
import {reloads, visible} from '../host';
import {painted, setWaiting} from '../render/ready';
import {chosenRuns, listRuns, runData, runProblems, runs, shown, shownRun, unread} from './runs';
import {comparedRuns} from './selection';
import {until} from './until';
import {view} from './view';

const POLL = 2000;
/** While the server is still reading runs. */
const SOON = 500;
const LONGEST_PAUSE = 30_000;

/** Log directory that TensorBoard watches. */
export const logdir = signal('');
/** What keeps the server from reading, one sentence. */
export const problem = signal<string | null>(null);
/** When the server last answered, in milliseconds. */
export const checked = signal<number | null>(null);
/** The clock of the sidebar, in milliseconds, once per second. */
export const now = signal(Date.now());
/** Since when the server has not answered, and when it is asked again. */
export const outage = signal<{since: number | null; next: number} | null>(null);
/** Difference between the clock of the server and this one, in seconds. */
const skew = signal(0);

let change: number | null = null;
let failures = 0;
let timer = 0;
let busy = false;

/**
 * Loads the runs that are chosen or compared and not read yet, or have grown since.
 *
 * Those whose pictures are shown come first; the others add curves.
 */
async function readRuns(entries: readonly RunEntry[]): Promise<void> {
  const pictured = new Set([shownRun.peek(), ...comparedRuns.peek()]);
  await readNamed(entries, pictured);
  if (shownRun.peek() !== null || !unread.peek()) setWaiting('start', false);
  // Compare has nothing to paint before it knows a second run.
  void until(() => painted.value || view.value === 'compare').then(() => readNamed(entries, new Set(chosenRuns.peek())));
}

async function readNamed(entries: readonly RunEntry[], names: ReadonlySet<string | null>): Promise<void> {
  await Promise.all(entries.filter(({run}) => names.has(run)).map(readRun));
}

const reading = new Map<string, {token: string; done: Promise<void>}>();

/** Reads a run unless it is as it was read, or is being read. */
function readRun(entry: RunEntry): Promise<void> {
  const {run, version, steps, last_step: step, last_time: time, problem: sentence} = entry;
  const token = [version, steps, step, time, sentence].join();
  const known = reading.get(run);
  if (known?.token === token) return known.done;
  const done = fetchRun(entry);
  reading.set(run, {token, done});
  return done;
}

async function fetchRun({run, problem: sentence}: RunEntry): Promise<void> {
  try {
    const data = await getRun(run);
    batch(() => {
      runData.value = new Map(runData.peek()).set(run, data);
      sayProblem(run, sentence);
    });
  } catch (error) {
    reading.delete(run);
    change = null;
    sayProblem(run, error instanceof Error ? error.message : String(error));
  }
}

function sayProblem(run: string, sentence: string | null): void {
  const problems = new Map(runProblems.peek());
  if (sentence) problems.set(run, sentence);
  else problems.delete(run);
  runProblems.value = problems;
}

function take(status: Status): void {
  skew.value = status.now - Date.now() / 1000;
  logdir.value = status.logdir;
  problem.value = status.problem;
}

async function readList(): Promise<void> {
  const list = await getRuns();
  batch(() => {
    take(list);
    listRuns(list.runs, list.unread);
  });
  change = list.change;
  await readRuns(list.runs);
}

async function poll(force = false): Promise<void> {
  if (force || change === null) return readList();
  const status = await getStatus();
  batch(() => take(status));
  if (status.change !== change) await readList();
}

/** Asks the server now, then again and again while the tab is visible. */
export async function refresh(force = false): Promise<void> {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    await poll(force);
    failures = 0;
    batch(() => {
      checked.value = Date.now();
      outage.value = null;
    });
  } catch {
    failures += 1;
    const pause = Math.min(LONGEST_PAUSE, POLL * 2 ** failures);
    outage.value = {since: checked.peek(), next: Date.now() + pause};
    setWaiting('start', false);
  }
  busy = false;
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  if (!visible.peek()) return;
  const next = outage.peek()?.next;
  timer = window.setTimeout(() => void refresh(), next ? next - Date.now() : unread.peek() ? SOON : POLL);
}

/** Follows the server while the tab is visible; returns what stops it. */
export function watchServer(): () => void {
  const clock = window.setInterval(() => (now.value = Date.now()), 1000);
  const stops = [
    effect(() => {
      if (visible.value) void refresh();
      else clearTimeout(timer);
    }),
    effect(() => {
      if (reloads.value) void refresh(true);
    }),
    effect(() => {
      void [chosenRuns.value, comparedRuns.value];
      const list = runs.peek();
      if (list) void readRuns(list);
    }),
  ];
  return () => {
    clearInterval(clock);
    clearTimeout(timer);
    stops.forEach((stop) => stop());
  };
}

/** When the newest record of the chosen runs was written, in seconds of the server's clock. */
const lastRecord = computed(() => {
  const chosen = new Set(chosenRuns.value);
  const times = (runs.value ?? []).filter(({run}) => chosen.has(run)).map((run) => run.last_time ?? 0);
  return Math.max(0, ...times);
});

/** Seconds since the newest record, or `null` without any. */
export const silence = computed(() =>
  lastRecord.value ? Math.max(0, now.value / 1000 + skew.value - lastRecord.value) : null,
);

/** Usual distance of the records of the shown run, in seconds. */
const rhythm = computed(() => {
  const times = shown.value?.progress.wall_time ?? [];
  const distances = times.slice(1).map((time, i) => time - times[i]!);
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
});

/** Whether records still arrive, are late, or have ended as far as one can tell. */
export const pulse = computed<'live' | 'late' | 'finished'>(() => {
  const since = silence.value ?? 0;
  if (runs.value?.find(({run}) => run === shown.value?.run)?.finished) return 'finished';
  if (since < Math.max(60, 3 * rhythm.value)) return 'live';
  return since < Math.max(600, 20 * rhythm.value) ? 'late' : 'finished';
});
