import {useEffect, useRef} from 'preact/hooks';
import {signal, useComputed} from '@preact/signals';
import {axisMode, axisText, newer} from '../../store/time';
import {trustOf} from '../../store/trust';
import {Snippet} from '../../ui/Empty';
import {plural} from '../../ui/format';
import {Icon, type IconName} from '../../ui/icons';
import {FactRow} from './FactRow';
import {factsOf} from './facts';
import {goalOf, goThere, showCurve} from './go';
import {headline, listFindings, type Listed} from './list';
import {hasMetrics} from './model';
import {chosenData, moments, placeOfStep, restedPlace, type Moment} from './moment';
import {RunDots} from './RunDots';
import {found, lastVisited, severity} from './state';
import {FindingThumbnail} from './Thumbnail';

const FIRST = 40;
const AXIS_WORDS = {step: 'step', epoch: 'epoch', time: 'time'} as const;
const JUDGED = 'The chosen runs as they were where the scrubber stands; the figure in the sidebar is judged there too.';
const more = signal(0);

/** The last records of the chosen runs. */
const lastMoments = (): Moment[] => chosenData.value.flatMap((run) => run.steps.slice(-1).map((step) => ({run, step})));

/** At which moment findings are judged, in words. */
function momentWords(): string {
  const place = restedPlace.value;
  if (found.value === 'all') return 'at the last records';
  return place === null ? '' : `at ${AXIS_WORDS[axisMode.value]} ${axisText(place)}`;
}

const MARKS: Record<string, {icon: IconName; word: string}> = {
  error: {icon: 'error', word: 'Error'}, warning: {icon: 'warning', word: 'Warning'}, info: {icon: 'info', word: 'Note'},
};

function Row({listed: {finding, run, open, span}}: {listed: Listed}) {
  const mark = MARKS[finding.severity]!;
  const row = useRef<HTMLLIElement>(null);
  const isVisited = lastVisited.value === finding.key;
  useEffect(() => {
    if (isVisited) row.current?.scrollIntoView({block: 'nearest'});
  }, [isVisited]);
  const classes = ['fd', open ? finding.severity : 'past', isVisited ? 'visited' : ''];
  return (
    <li class={classes.filter(Boolean).join(' ')} ref={row}>
      <Icon name={open ? mark.icon : 'check'} />
      <p>
        <span class="sr">{open ? mark.word : 'Resolved'}: </span>
        <b class="b">{finding.title}</b> {finding.text}
      </p>
      <FindingThumbnail finding={finding} run={run} />
      <div class="meta cap">
        <span><RunDots runs={[run.run]} /> {span}</span>
        <button type="button" class="go" aria-label={`Go there: ${finding.title}`} onClick={() => goThere(goalOf(finding))}>Go there</button>
        {finding.curve && (
          <button type="button" class="go" aria-label={`Curve: ${finding.title}`} onClick={() => showCurve(finding)}>Curve</button>
        )}
      </div>
    </li>
  );
}

function NothingFound() {
  if (!hasMetrics.value) {
    return (
      <div class="fd-none">
        <p>Rules look through each record as it is written: for dead channels, weights that do not change, evidence that leaves the object. They come with the callback; runs of earlier versions have none.</p>
        <Snippet code={'tbx.Explain("logs", x_val[:16], y_val[:16])'} />
      </div>
    );
  }
  const words = severity.value === 'any' ? 'No rule found anything in these records.' : 'Nothing of this severity was found.';
  const later = found.value === 'now' && newer.value > 0;
  return <p class="fd-none">{words}{later ? ' Later records may hold more.' : ''}</p>;
}

function List({list}: {list: readonly Listed[]}) {
  const shown = FIRST + more.value;
  return (
    <>
      <ul>{list.slice(0, shown).map((listed) => <Row key={listed.finding.key} listed={listed} />)}</ul>
      {list.length > shown && (
        <button type="button" class="btn more" onClick={() => (more.value += FIRST)}>Show {Math.min(FIRST, list.length - shown)} more of {list.length}</button>
      )}
    </>
  );
}

/** What was found in the chosen runs, in sentences. */
export function Findings() {
  const listed = useComputed(() => {
    const all = listFindings(found.value === 'all' ? lastMoments() : moments.value, placeOfStep);
    const wanted = severity.value;
    return {
      list: all.filter(({finding}) => finding.severity !== 'info' && (wanted === 'any' || wanted === finding.severity)),
      notes: all.filter(({finding, open}) => finding.severity === 'info' && open),
    };
  });
  const facts = useComputed(() => factsOf(chosenData.value, trustOf, listed.value.notes.map(({finding}) => finding))).value;
  const {list, notes} = listed.value;
  const open = list.filter((listed) => listed.open).length;
  const resolved = list.length - open;
  return (
    <section class="finds" aria-label="Findings">
      <header>
        <h2 class="t3">{headline(open)}</h2>
        <span class="cap" title={JUDGED}>{[momentWords(), resolved > 0 && `${resolved} resolved`].filter(Boolean).join(' · ')}</span>
      </header>
      {list.length ? <List list={list} /> : <NothingFound />}
      {(facts.length > 0 || notes.length > 0) && (
        <>
          <h3 class="cap">Facts to know<span class="sr">, {plural(facts.length + notes.length, 'fact')}</span></h3>
          <ul>
            {notes.map((listed) => <Row key={listed.finding.key} listed={listed} />)}
            {facts.map((fact) => <FactRow key={fact.title + fact.text} fact={fact} of={chosenData.value} />)}
          </ul>
        </>
      )}
    </section>
  );
}
