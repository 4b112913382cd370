// What the run found to look at: changes from on to off, put together to spans of time.
import type {FindingChange, RunData} from '../api';
import {lastNotAbove} from './steps';

export type Severity = FindingChange['severity'];

/** Severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Something that was found, over the records at which it held. Its sentences and figures are of `step`. */
export interface Finding extends Omit<FindingChange, 'state' | 'since'> {
  run: string;
  /** Tells it from all others: a cause that comes back is another finding. */
  key: string;
  /** First step at which it held. */
  from: number;
  /** Last step at which it held; `null` while it still does. */
  to: number | null;
  /** First step at which it held no more; `null` while it still does. */
  resolved: number | null;
}

const cache = new WeakMap<RunData, Finding[]>();

/** All findings of a run in the order in which they began. */
export function findingsOf(run: RunData): Finding[] {
  let found = cache.get(run);
  if (!found) {
    found = merge(run);
    cache.set(run, found);
  }
  return found;
}

function merge(run: RunData): Finding[] {
  const all: Finding[] = [];
  const open = new Map<string, Finding>();
  for (const change of (run.progress.findings ?? []).toSorted((a, b) => a.step - b.step)) {
    const before = open.get(change.id);
    if (change.state === 'off') {
      if (before) close(before, run, change.since);
      open.delete(change.id);
    } else if (before) {
      const {from, key} = before;
      Object.assign(before, opened(run, change), {from, key});
    } else {
      const finding = opened(run, change);
      open.set(change.id, finding);
      all.push(finding);
    }
  }
  return all.sort((a, b) => a.from - b.from);
}

function opened({run}: RunData, change: FindingChange): Finding {
  const {state: _state, since, ...rest} = change;
  return {...rest, run, key: `${run}\n${change.id}\n${since}`, from: since, to: null, resolved: null};
}

function close(finding: Finding, {steps}: RunData, since: number): void {
  finding.to = Math.max(finding.from, steps[lastNotAbove(steps, since - 1)] ?? since);
  finding.resolved = since;
}

/** Whether a finding holds at a step. */
export const isOpen = ({from, resolved}: Finding, step: number): boolean =>
  from <= step && (resolved === null || resolved > step);

/** Findings of a run that hold at a step and ask for a look. */
export const openFindings = (run: RunData, step: number): Finding[] =>
  findingsOf(run).filter((finding) => finding.severity !== 'info' && isOpen(finding, step));

/** The worst severity of some findings; `null` without any. */
export function worst(findings: readonly Finding[]): Severity | null {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity)) ?? null;
}

/** How many records a finding has held for, up to a step. */
export function recordsOf({from, to}: Finding, {steps}: RunData, step: number): number {
  const last = Math.min(to ?? Infinity, step);
  return Math.max(0, lastNotAbove(steps, last) - lastNotAbove(steps, from - 1));
}
