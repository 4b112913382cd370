import type {ComponentChildren} from 'preact';
import {deletedRuns, chosenRuns, runData, runProblems} from '../store/runs';
import {comparedRuns} from '../store/selection';
import {now, outage, problem, refresh} from '../store/live';
import {clock} from './format';
import {Icon, type IconName} from './icons';

const ICONS: Record<string, IconName> = {warn: 'warning', err: 'error', info: 'info'};

function Banner({kind, children, action}: {kind: 'warn' | 'err' | 'info'; children: ComponentChildren; action?: ComponentChildren}) {
  return (
    <div class={`banner ${kind}`} role="status">
      <Icon name={ICONS[kind]!} />
      <span>{children}</span>
      {action}
    </div>
  );
}

function Outage() {
  const state = outage.value;
  if (!state) return null;
  const seconds = Math.max(0, Math.ceil((state.next - now.value) / 1000));
  const since = state.since ? ` Showing what was read at ${clock(state.since / 1000).slice(0, 5)}.` : '';
  return (
    <Banner kind="warn" action={<button type="button" class="btn" onClick={() => void refresh()}>Retry now</button>}>
      The server does not answer.{since} Trying again in {seconds} s.
    </Banner>
  );
}

/** One line above the view for the server, versions and deleted runs. */
export function Banners() {
  const chosen = new Set([...chosenRuns.value, ...comparedRuns.value]);
  const problems = [...chosen].flatMap((run) => runProblems.value.get(run) ?? runData.value.get(run)?.problem ?? []);
  return (
    <div class="banners">
      <Outage />
      {problem.value && <Banner kind="err">{problem.value}</Banner>}
      {[...new Set(problems)].map((sentence) => (
        <Banner key={sentence} kind="err">{sentence}</Banner>
      ))}
      {deletedRuns.value.filter((run) => chosen.has(run)).map((run) => (
        <Banner key={run} kind="warn">Run “{run}” was deleted. Showing what was read before.</Banner>
      ))}
    </div>
  );
}
