// What is worth knowing about the chosen runs and is no finding: how explainers are, what failed, what was left out.
import type {MapTag, RunData} from '../../api';
import {explainersOf, type ExplainerEntry} from '../../store/explainers';
import type {Finding} from '../../store/findings';
import type {Trust} from '../../store/trust';
import {stepText} from '../../store/time';
import {figure} from '../../ui/format';
import type {IconName} from '../../ui/icons';
import {otherModel} from '../../ui/TrustBadge';

export interface Fact {
  icon: IconName;
  /** What is bold. */
  title: string;
  text: string;
  /** Runs of which it is true. */
  runs: string[];
  /** Maps that show it. */
  tag: MapTag | null;
}

type OfRun = Omit<Fact, 'runs'>;
type Trusts = (run: RunData, tags: readonly MapTag[]) => Trust;

const two = (value: number): string => figure(Math.round(value * 100) / 100);

function explainerFact({title, caution, tags}: ExplainerEntry, trust: Trust): OfRun[] {
  const tag = tags[0] ?? null;
  if (trust.kind === 'ignores') {
    const control = `Rank correlation with the maps of ${otherModel(trust)} ${two(trust.control)}.`;
    const text = caution ? `${control} ${caution}` : control;
    return [{icon: 'ignores', title: `${title} shows the picture, not the model.`, text, tag}];
  }
  return caution ? [{icon: 'shield', title: `${title} needs care.`, text: caution, tag}] : [];
}

const LISTED_STEPS = 3;

/** Steps in words: 3, 7 and 20; of many, the last ones. */
function stepsWords(steps: readonly number[]): string {
  const listed = steps.slice(-LISTED_STEPS).map(stepText);
  const words = listed.length > 1 ? `${listed.slice(0, -1).join(', ')} and ${listed.at(-1)}` : listed[0]!;
  return steps.length > LISTED_STEPS ? `${steps.length} records, at last ${words}` : words;
}

function failureFacts({progress}: RunData): OfRun[] {
  const groups = new Map<string, {tag: string; reason: string; steps: number[]}>();
  for (const {tag, reason, step} of progress.failures) {
    const key = `${tag}\n${reason}`;
    groups.set(key, {tag, reason, steps: [...(groups.get(key)?.steps ?? []), step]});
  }
  return [...groups.values()].map(({tag, reason, steps}) => ({
    icon: 'warning', title: `${tag} failed at ${stepsWords(steps)}.`, text: reason, tag: null,
  }));
}

function noteFacts({progress, samples}: RunData): OfRun[] {
  const said = new Set([samples?.note, ...progress.notes.map(({text}) => text)]);
  return [...said].filter((text): text is string => Boolean(text)).map((text) => ({icon: 'info', title: '', text, tag: null}));
}

/** Runs, the first ones, that are asked how far their explainers can be trusted: each answer is a request. */
const JUDGED_RUNS = 3;
const UNKNOWN: Trust = {kind: 'none', control: null};

const IGNORING = ['ignores_model', 'ignores_weights'];

/** Whether a finding says already that an explainer ignores the model. */
function isSaid(findings: readonly Finding[], run: RunData, {title}: ExplainerEntry): boolean {
  return findings.some((finding) => IGNORING.includes(finding.rule) && finding.run === run.run && finding.title.includes(title));
}

/** Facts about the runs beside what was found; what is true of several runs is said once. */
export function factsOf(runs: readonly RunData[], trustOf: Trusts, findings: readonly Finding[] = []): Fact[] {
  const facts = new Map<string, Fact>();
  for (const [place, run] of runs.entries()) {
    const trust = (tags: readonly MapTag[]) => (place < JUDGED_RUNS ? trustOf(run, tags) : UNKNOWN);
    const explainers = explainersOf(run).filter((explainer) => !isSaid(findings, run, explainer));
    const own = [
      ...explainers.flatMap((explainer) => explainerFact(explainer, trust(explainer.tags))),
      ...failureFacts(run), ...noteFacts(run),
    ];
    for (const fact of own) {
      const key = fact.icon === 'ignores' ? fact.title : `${fact.title}\n${fact.text}`;
      const known = facts.get(key);
      if (known) known.runs.push(run.run);
      else facts.set(key, {...fact, runs: [run.run]});
    }
  }
  const ignores = new Set([...facts.values()].filter(({icon}) => icon === 'ignores').map(({tag}) => tag?.facts.title));
  return [...facts.values()].filter(({icon, tag}) => icon !== 'shield' || !ignores.has(tag?.facts.title));
}
