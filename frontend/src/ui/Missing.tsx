import type {MapTag, RunData} from '../api';
import {forget, missing, vanished, type Missing} from '../store/missing';
import {runLabels, shownRun} from '../store/runs';
import {tagSteps} from '../store/steps';
import {goTo, stepName, stepText} from '../store/time';
import {Popover} from './controls';
import {Snippet} from './Empty';
import {Icon} from './icons';
import css from './missing.css?inline';
import {addStyle} from './style';

addStyle(css);

const nameOf = (run: string): string => runLabels([run]).get(run)?.name ?? run;

/** Why there are no maps, in a sentence. */
function reasonWords({failure, elsewhere}: Missing): string {
  if (failure !== null) return failure;
  return elsewhere === null ? 'Nobody asked for it.' : `Run ${nameOf(elsewhere)} has it; nobody asked for it in ${nameOf(shownRun.value ?? '')}.`;
}

const codeOf = ({explainer}: Missing): string => `tbx.Explain("logs", x_val[:16], y_val[:16], explainers=[\n    tbx.${explainer}(),\n])`;

/** Why an explainer has no maps, and what would record them. */
function Why({of}: {of: Missing}) {
  return (
    <div class="why-none">
      <p><b class="b">{of.title}: no data in this run.</b> {reasonWords(of)}</p>
      {of.failure === null && <p class="cap">To record it from the next training on:</p>}
      {of.failure === null && <Snippet code={codeOf(of)} />}
      {vanished.value.includes(of) && <button type="button" class="btn line" onClick={() => forget(of.explainer)}>Close its place</button>}
    </div>
  );
}

function NoData({of, class: extra = ''}: {of: Missing; class?: string}) {
  return (
    <Popover label={`${of.title}: no data`} title={reasonWords(of)} icon="info" class={`no-data ${extra}`} face={<span class="go cap">no data</span>}>
      <Why of={of} />
    </Popover>
  );
}

/** In the sidebar, below the explainers that there are. */
export function MissingRows() {
  return (
    <>
      {missing.value.map((one) => (
        <div key={one.explainer} class="expl none" title={`${one.title}: ${reasonWords(one)}`}>
          <span class="box out" />
          <span class="clip1">{one.title}</span>
          <NoData of={one} />
        </div>
      ))}
    </>
  );
}

/** How many columns stand for explainers that were there in another run. */
export const missingColumns = (): number => vanished.value.length;

/** Heads of these columns. */
export function MissingHeads() {
  return (
    <>
      {vanished.value.map((one) => (
        <div key={one.explainer} class="mh" role="columnheader">
          <div class="nm clip2" title={one.title}>{one.title}</div>
          <NoData of={one} class="end" />
        </div>
      ))}
    </>
  );
}

/** What stands in a row in the place of maps. */
export function MissingCells() {
  return (
    <>
      {vanished.value.map((one) => (
        <div key={one.explainer} class="cell msg none-here" role="gridcell" tabIndex={-1} title={reasonWords(one)} aria-label={`${one.title}: no data in this run`}>
          {one.failure !== null && <Icon name="warning" />}
          <span class="words">{one.failure === null ? 'not asked for' : 'failed'}</span>
        </div>
      ))}
    </>
  );
}

/** Rows of the filmstrip for explainers that the run lacks. */
export function MissingFilm({columns}: {columns: number}) {
  return (
    <>
      {vanished.value.map((one) => (
        <div key={one.explainer} class="frow film-none" role="row">
          <div class="rowh" role="rowheader"><div class="clip1 b" title={one.title}>{one.title}</div></div>
          <div class="why" role="gridcell" aria-colspan={columns} style={{gridColumn: `2 / span ${columns}`}}>
            <span class="clip1">{reasonWords(one)}</span>
            <NoData of={one} class="end up" />
          </div>
        </div>
      ))}
    </>
  );
}

/** The way to the first map of a cell, with the reason why there is none before. */
export function FirstRecord({run, tag}: {run: RunData; tag: MapTag}) {
  const [first] = tagSteps(run, tag);
  const unit = stepName.value.toLowerCase();
  const failure = run.progress.failures.findLast((one) => one.tag === tag.tag && (first === undefined || one.step < first));
  if (first === undefined) return null;
  const title = failure ? `It failed at ${unit} ${stepText(failure.step)}: ${failure.reason}` : `The first record is of ${unit} ${stepText(first)}`;
  return <button type="button" tabIndex={-1} title={title} onClick={() => goTo(run.steps.indexOf(first))}>Go to {stepText(first)}</button>;
}
