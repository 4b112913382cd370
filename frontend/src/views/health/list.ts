// The findings of several runs as they are listed: the newest first, judged at one moment.
import type {RunData} from '../../api';
import {findingsOf, isOpen, recordsOf, SEVERITIES, type Finding} from '../../store/findings';
import {lastNotAbove} from '../../store/steps';
import {stepText} from '../../store/time';
import {plural} from '../../ui/format';
import type {Moment} from './moment';

export interface Listed {
  finding: Finding;
  run: RunData;
  /** Whether it holds at the moment of the list. */
  open: boolean;
  /** From when to when, for how long, and which record its figures are of. */
  span: string;
}

const DASH = '\u2013';

const unitOf = ({axis}: RunData): string => (axis === 'batch' ? 'step' : 'epoch');

/** When a finding held, in words: epochs 22-31 · 10 records. */
function heldWords(finding: Finding, {run, step}: Moment): string {
  const unit = unitOf(run);
  const open = isOpen(finding, step);
  const last = open ? (run.steps[lastNotAbove(run.steps, step)] ?? step) : (finding.to ?? step);
  const {from, resolved} = finding;
  const when = last > from ? `${unit}s ${stepText(from)}${DASH}${stepText(last)}` : `${unit} ${stepText(from)}`;
  if (!open && resolved !== null) return `${when} · resolved at ${stepText(resolved)}`;
  const records = recordsOf(finding, run, step);
  return `${when} · ${records === 1 ? 'new' : plural(records, 'record')}`;
}

/** Which record the figures in its sentences are of, where that is not the one that is looked at. */
function figuresWords({figures, step}: Finding, moment: Moment): string {
  const {run} = moment;
  const shown = run.steps[lastNotAbove(run.steps, moment.step)];
  return step === shown || !Object.keys(figures).length ? '' : `as of ${unitOf(run)} ${stepText(step)}`;
}

const spanWords = (finding: Finding, moment: Moment): string =>
  [heldWords(finding, moment), figuresWords(finding, moment)].filter(Boolean).join(' · ');

/** Findings that had begun by then, the newest first; of one moment, the worst first. */
export function listFindings(moments: readonly Moment[], placeOf: (run: RunData, step: number) => number): Listed[] {
  const all = moments.flatMap(({run, step}) =>
    findingsOf(run)
      .filter((finding) => finding.from <= step)
      .map((finding) => ({finding, run, open: isOpen(finding, step), span: spanWords(finding, {run, step})})),
  );
  const place = new Map(all.map((listed) => [listed, placeOf(listed.run, listed.finding.from)]));
  const rank = ({finding}: Listed) => SEVERITIES.indexOf(finding.severity);
  return all.sort((a, b) => place.get(b)! - place.get(a)! || rank(a) - rank(b));
}

/** The head of the list. */
export function headline(open: number): string {
  if (!open) return 'Nothing needs a look';
  return open === 1 ? '1 finding needs a look' : `${open} findings need a look`;
}
