// What the comparison says in words.
import type {RunData} from '../../api';
import type {DifferenceKind} from '../../measures/difference';
import {className} from '../../store/predictions';
import {runLabels, runs} from '../../store/runs';
import {stepName, stepText} from '../../store/time';
import {probability} from '../../ui/format';
import {headName, queryName} from '../samples/attention_words';
import {mapOf, readSide, recordOf, type ChosenSide} from './sides';
import type {Order} from './state';
import {isSameClass, predictedBy} from './verdict';

export const KIND_LABELS: Record<DifferenceKind, string> = {
  signed: 'B \u2212 A', absolute: '|B \u2212 A|', ranks: 'of ranks',
};
export const KIND_WORDS: Record<DifferenceKind, string> = {
  signed: 'blue: less relevance in B, red: more',
  absolute: 'how far A and B are apart',
  ranks: 'blue: ranks lower in B, red: higher',
};
export const KIND_TITLES: Record<DifferenceKind, string> = {
  signed: KIND_LABELS.signed, absolute: KIND_LABELS.absolute, ranks: 'Ranks, B \u2212 A',
};
export const ORDER_LABELS: Record<Order, string> = {
  drift: 'drift', overlap: 'overlap', norm: 'difference', name: 'name',
};

/** What the colours of a signed difference are called in the chosen table. */
export function kindWords(of: DifferenceKind, table: string): string {
  return table === 'PuOr' ? KIND_WORDS[of].replace('blue', 'violet').replace('red', 'orange') : KIND_WORDS[of];
}

/** The part of a run's name that differs, as in the sidebar. */
export function runName(run: string): string {
  const all = (runs.value ?? []).map((entry) => entry.run);
  return runLabels(all.includes(run) ? all : [...all, run]).get(run)?.name ?? run;
}

/** Explainer, layer and target of a side's maps; what all maps of its run share is left out. */
export function mapsWords({maps, data, head, query}: Pick<ChosenSide, 'maps' | 'data' | 'head' | 'query'>): string {
  const {facts} = maps;
  const namesakes = data.tags.filter((tag) => tag.kind === maps.kind && 'title' in tag.facts && tag.facts.title === facts.title && tag.facts.target === facts.target);
  const layer = namesakes.length > 1 ? facts.layer : null;
  const place = [head === undefined ? '' : headName(head), query === undefined ? '' : queryName(query)];
  return [facts.title, layer, ...place].filter(Boolean).join(' · ');
}

/** `epoch 31` */
export const moment = (step: number): string => `${stepName.value.toLowerCase()} ${stepText(step)}`;

/** `predicted: six`; the target alone where its class is not known. */
export function targetWords(side: ChosenSide, own: number | null): string {
  const {target} = side.maps.facts;
  if (target === null) return '';
  const now = own === null ? null : readSide(side, own);
  const index = now?.status === 'ready' ? now.target : (side.maps.columns.target[mapOf(side, own ?? 0)] ?? null);
  const name = className(side.data, index);
  return name ? `${target}: ${name}` : target;
}

/** `six → zero`, or that both predict the same. */
export function changeWords(a: ChosenSide, b: ChosenSide, ownA: number, ownB: number): string {
  const [before, after] = [predictedBy(a, ownA, recordOf(a)), predictedBy(b, ownB, recordOf(b))];
  if (before === null || after === null) return '';
  const [nameA, nameB] = [className(a.data, before), className(b.data, after)];
  if (!isSameClass(a.data, b.data, before, after)) return `${nameA} \u2192 ${nameB}`;
  const isOneRecord = a.run === b.run && recordOf(a) === recordOf(b);
  return isOneRecord ? `predicted: ${nameA}` : 'same prediction';
}

export const labelName = (run: RunData, own: number): string => className(run, run.samples?.labels[own] ?? null);

/** A correlation or share in a column: 0.58, −0.12. */
export const column = (value: number | null): string =>
  value === null ? '–' : probability(value).replace(/^-/, Number(value.toFixed(2)) === 0 ? '' : '\u2212');

/** A correlation or share beside its name: .58, −.12. */
export const share = (value: number): string => column(value).replace(/^(\u2212?)0(?=\.)/, '$1');
