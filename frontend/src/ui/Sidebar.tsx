import {signal} from '@preact/signals';
import type {RunData} from '../api';
import type {View} from '../views';
import {view} from '../store/view';
import {checked, now, outage, pulse, silence} from '../store/live';
import {chosenRuns, runColour, runLabels, runs, showRun, shown, shownRun, toggleRun, deletedRuns, unread} from '../store/runs';
import {explainersOf, toggleExplainer} from '../store/explainers';
import {hasControl} from '../store/judges';
import {hiddenExplainers} from '../store/view';
import {stepText} from '../store/time';
import {Check, Popover, SearchField} from './controls';
import {duration, grouped, plural} from './format';
import {Icon} from './icons';
import {missingPart} from './missing_part';
import {Trust} from './Trust';

const filter = signal('');
const FILTER_FROM = 5;
/** As people count: run2 before run10. */
const byName = new Intl.Collator('en', {numeric: true}).compare;

function Navigation({views, current}: {views: readonly View[]; current: View}) {
  const open = (event: MouseEvent, id: string) => {
    event.preventDefault();
    view.value = id;
  };
  return (
    <div class="nav">
      {views.map(({id, title, icon, count, alarm, says}) => {
        const figure = shown.value && count?.(shown.value);
        const severity = shown.value && alarm?.(shown.value);
        return (
          <a key={id} href={`#${id}`} title={figure && says ? `${title}: ${figure} ${says}` : title} aria-current={id === current.id ? 'page' : undefined} onClick={(event) => open(event, id)}>
            <Icon name={icon} />
            <span>{title}</span>
            {figure !== null && figure !== undefined && <i class={severity ? `n count ${severity}` : 'n count'}>{severity && <Icon name={severity} small />}{grouped(figure)}</i>}
          </a>
        );
      })}
    </div>
  );
}

function RunRow({run, label, gone}: {run: string; label: {name: string; path: string}; gone: boolean}) {
  const isShown = run === shownRun.value;
  const isChosen = chosenRuns.value.includes(run);
  const classes = ['run', isShown ? 'front' : '', isChosen ? '' : 'off'].filter(Boolean).join(' ');
  return (
    <div class={classes} title={run}>
      <Check label={`Curves of run ${run}`} on={isChosen} colour={runColour(run)} onChange={() => toggleRun(run)} />
      <button type="button" class="name" aria-pressed={isShown} onClick={() => showRun(run)}>
        <span class="sr">Show run </span>
        <span class="clip1">{label.name} </span>
        {(label.path || gone) && <span class="cap clip1">{gone ? 'deleted' : label.path}</span>}
      </button>
      {isShown && <span class="front-tag">shown</span>}
    </div>
  );
}

function Runs() {
  const listed = (runs.value ?? []).map(({run}) => run);
  const gone = deletedRuns.value.filter((run) => chosenRuns.value.includes(run));
  const all = [...listed, ...gone];
  const labels = runLabels(all);
  const words = filter.value.trim().toLowerCase();
  const matching = all.filter((run) => run.toLowerCase().includes(words)).sort(byName);
  return (
    <section class="sec runs" aria-label="Runs">
      <h2>
        Runs<span class="count">{all.length > 1 ? `${chosenRuns.value.length} of ${all.length}` : all.length}</span>
      </h2>
      {!all.length && <p class="cap none">No run has explanations yet.</p>}
      {all.length >= FILTER_FROM && <SearchField label="Filter runs" value={filter.value} onInput={(text) => (filter.value = text)} />}
      {all.length > 0 && !matching.length && <p class="cap none">No run has “{filter.value}” in its name.</p>}
      <div class="rows">
        {matching.map((run) => (
          <RunRow key={run} run={run} label={labels.get(run)!} gone={gone.includes(run)} />
        ))}
      </div>
      {unread.value > 0 && <p class="cap none" role="status">Reading {plural(unread.value, 'more run')} …</p>}
    </section>
  );
}

function Explainers() {
  const run = shown.value;
  const explainers = run ? explainersOf(run) : [];
  if (!explainers.length) return null;
  const hidden = hiddenExplainers.value;
  const on = explainers.filter(({key}) => !hidden.includes(key)).length;
  const Missing = missingPart.now.value?.MissingRows;
  const isJudged = explainers.some(({tags}) => tags.some(hasControl));
  return (
    <section class="sec" aria-label="Explainers">
      <h2>
        Explainers<span class="count">{isJudged ? 'changes with model' : `${on} of ${explainers.length}`}</span>
      </h2>
      {explainers.map(({key, title, settings, paper, caution, tags}) => (
        <div key={key} class={hidden.includes(key) ? 'expl none' : 'expl'} title={[settings ? `${title}, ${settings}` : title, caution].filter(Boolean).join('. ')}>
          <Check label={settings ? `${title}, ${settings}` : title} on={!hidden.includes(key)} colour="var(--text-2)" onChange={() => toggleExplainer(key)} />
          <span class="clip1">
            {title}
            {settings && <span class="cap"> {settings}</span>}
          </span>
          {caution && <span class="caution"><Icon name="warning" small /><span class="sr">{caution}</span></span>}
          {paper && (
            <a class="go cap paper" href={paper} target="_blank" rel="noreferrer" aria-label={`Paper of ${title}`}>paper</a>
          )}
          <Trust run={run!} tags={tags} short />
        </div>
      ))}
      {Missing && <Missing />}
    </section>
  );
}

/** What the run has to say: explainers that were left out, and those that failed last. */
function notesOf(run: RunData): string[] {
  const {notes, failures} = run.progress;
  const failed = new Map(failures.map(({tag, reason, step}) => [tag, `${tag} failed at ${stepText(step)}: ${reason}`]));
  const said = [run.samples?.note, ...notes.map(({text}) => text), ...failed.values()];
  return [...new Set(said.filter((text): text is string => Boolean(text)))];
}

function Notes() {
  const notes = shown.value ? notesOf(shown.value) : [];
  if (!notes.length) return null;
  return (
    <section class="sec" aria-label="Notes">
      <h2>Notes<span class="count">{notes.length}</span></h2>
      {notes.map((note) => (
        <p key={note} class="cap note" title={note}>{note}</p>
      ))}
    </section>
  );
}

function liveText(): string {
  if (outage.value) return 'No answer from the server';
  const since = silence.value;
  if (since === null || !shown.value) {
    const ago = checked.value === null ? null : Math.max(0, Math.round((now.value - checked.value) / 1000));
    return ago === null ? 'Watching' : `Watching · checked ${duration(ago)} ago`;
  }
  if (pulse.value === 'live') return `Live · last record ${duration(since)} ago`;
  if (pulse.value === 'late') return `No new record for ${duration(since)}`;
  return `Finished · ${plural(shown.value.steps.length, 'record')}`;
}

function LiveState() {
  const kind = outage.value ? 'live out' : pulse.value === 'live' ? 'live' : 'live done';
  return (
    <div class="status cap" title={liveText()}>
      <span class={kind} />
      <span class="txt">{liveText()}</span>
    </div>
  );
}

/** Narrow windows show runs as dots, and everything else in a flyout. */
function Rail() {
  return (
    <div class="railruns">
      <Popover label="Runs and explainers" icon="list" class="fly">
        <Runs />
        <Explainers />
        <Notes />
      </Popover>
      {chosenRuns.value.map((run) => (
        <button key={run} type="button" class={run === shownRun.value ? 'dot front' : 'dot'} style={{'--c': runColour(run)}} title={run} aria-label={`Show run ${run}`} onClick={() => showRun(run)} />
      ))}
    </div>
  );
}

export function Sidebar({views, current}: {views: readonly View[]; current: View}) {
  return (
    <nav class="side" aria-label="Views and runs">
      <Navigation views={views} current={current} />
      <Runs />
      <Explainers />
      <Notes />
      <Rail />
      <LiveState />
    </nav>
  );
}
