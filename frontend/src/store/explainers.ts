import type {MapTag, RunData} from '../api';
import {textFact} from '../records/facts';
import {paperLink} from './paper';
import {isMaps, isPrediction} from './runs';
import {hiddenExplainers} from './view';

/** One explainer with its settings; it may have several tags (layers, targets). */
export interface ExplainerEntry {
  key: string;
  title: string;
  /** Settings that tell it from others with the same title; empty if there is no other. */
  settings: string;
  paper: string;
  /** Why its maps should not be trusted blindly, in one sentence; mostly `null`. */
  caution: string | null;
  tags: MapTag[];
}

const IN_SAMPLES = new Set(['attribution', 'attention']);

const settingsKey = (tag: MapTag): string => {
  const {layer: _, ...settings} = tag.facts.settings;
  return `${tag.facts.explainer}${JSON.stringify(settings)}`;
};

function settingsText(tag: MapTag, others: readonly MapTag[]): string {
  const differing = Object.entries(tag.facts.settings).filter(
    ([key, value]) =>
      key !== 'layer' && others.some((other) => JSON.stringify(other.facts.settings[key]) !== JSON.stringify(value)),
  );
  return differing.map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ');
}

/** Puts layers in the order of execution and targets as they were asked for; the server sorts tags by name. */
function inOrder(run: RunData, tags: readonly MapTag[]): MapTag[] {
  const order = run.tags.find(isPrediction)?.facts.targets ?? [];
  const target = ({facts}: MapTag) => (facts.target === null ? -1 : order.indexOf(facts.target));
  const layer = ({facts}: MapTag) => (facts.layer === null ? -1 : (run.structure?.path.indexOf(facts.layer) ?? -1));
  return tags.toSorted((a, b) => layer(a) - layer(b) || target(a) - target(b));
}

const cautionOf = (tags: readonly MapTag[]): string | null =>
  tags.map(({facts}) => textFact(facts, 'caution')).find((caution) => caution !== null) ?? null;

/** Place of an explainer among those that the user asked for, as far as the record tells; the server sorts tags by name. */
function placeOf(run: RunData): (tag: MapTag) => number {
  const titles = Object.keys(run.progress.seconds);
  return ({facts}) => (titles.includes(facts.title) ? titles.indexOf(facts.title) : titles.length);
}

/** Explainers of the maps that lie over samples, in the order in which they were asked for. */
export function explainersOf(run: RunData): ExplainerEntry[] {
  const groups = new Map<string, MapTag[]>();
  const place = placeOf(run);
  for (const tag of run.tags.filter(isMaps).filter(({kind}) => IN_SAMPLES.has(kind))) {
    const key = settingsKey(tag);
    groups.set(key, [...(groups.get(key) ?? []), tag]);
  }
  const ordered = [...groups].sort(([, a], [, b]) => place(a[0]!) - place(b[0]!));
  return ordered.map(([key, tags]) => {
    const {title, paper} = tags[0]!.facts;
    const namesakes = [...groups.values()].map((list) => list[0]!).filter((tag) => tag.facts.title === title);
    return {key, title, paper: paperLink(paper), tags: inOrder(run, tags), settings: settingsText(tags[0]!, namesakes), caution: cautionOf(tags)};
  });
}

/** Tags of attributions, switched on or off, in the order of their explainers. */
export const attributionsOf = (run: RunData): MapTag[] =>
  explainersOf(run).flatMap(({tags}) => tags.filter(({kind}) => kind === 'attribution'));

/** Tags of the explainers that are switched on, as columns of a matrix. */
export function visibleTags(run: RunData): {tag: MapTag; explainer: ExplainerEntry}[] {
  const hidden = hiddenExplainers.value;
  return explainersOf(run)
    .filter(({key}) => !hidden.includes(key))
    .flatMap((explainer) => explainer.tags.map((tag) => ({tag, explainer})));
}

export function toggleExplainer(key: string): void {
  const hidden = hiddenExplainers.peek();
  hiddenExplainers.value = hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key];
}
