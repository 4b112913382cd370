// What the legend of a column says.
import type {MapTag, RunData} from '../../api';
import {costOf, costWords} from '../../store/cost';
import {className, sampleName, type Predictions} from '../../store/predictions';
import {isEstimated} from '../../store/scales';
import {stepText} from '../../store/time';
import {scaleMode} from '../../store/view';
import {plural} from '../../ui/format';
import {attentionWords} from './attention_sentences';
import {unitOf} from './attention_words';
import {PREDICTED, stretches} from './flips';
import type {Column} from './state';

export {endsOf, type Ends} from './ends';

const estimate = (run: RunData, tag: MapTag): string => (isEstimated(run, tag) ? ' Estimated from evenly spread records until all are read.' : '');

/** What the colours of a column span. */
export function scaleWords(run: RunData, column: Column, samples: readonly number[], text: string): string {
  const whose = samples.length === 1 ? `for ${sampleName(run, samples[0]!)}` : 'for the samples in sight, each by its own';
  if (scaleMode.value === 'map') return `Colours of each map span its own values, up to ${text} ${whose}. Maps cannot be compared.`;
  if (scaleMode.value === 'log') return `Colours span three decades up to the largest value of all records: ${text} ${whose}.`;
  if (scaleMode.value === 'column') return `One scale for all samples and records of this column, up to the 99th percentile: ${text}. Larger values take the last colour.${estimate(run, column.tag)}`;
  return `Colours span all records up to the 99th percentile: ${text} ${whose}. Larger values take the last colour.${estimate(run, column.tag)}`;
}

/** Says of which samples the maps explain different classes, so that strengths are no equals; empty if of none. */
export function flipWords(run: RunData, {tag}: Column, samples: readonly number[], known: Predictions | null): string {
  if (tag.facts.target !== PREDICTED || !known || scaleMode.value === 'map') return '';
  const flipped = samples.filter((sample) => stretches(known.explained(PREDICTED, sample)).length > 1);
  if (!flipped.length) return '';
  const rule = 'strengths of different classes are no equals';
  if (samples.length > 1) return `The class explained changes for ${plural(flipped.length, 'sample')}: ${rule}.`;
  const all = stretches(known.explained(PREDICTED, flipped[0]!));
  const last = all.slice(-2).map(({target, from}) => `${className(run, target)} from ${stepText(known.steps[from]!)}`);
  return `It explains ${last.join(', ')}: ${rule}.`;
}

/** Everything that a legend says, in sentences. */
export function legendWords(run: RunData, column: Column, samples: readonly number[], known: Predictions | null, text: string): string {
  const {tag, explainer} = column;
  const unit = unitOf(tag);
  const shows = tag.kind === 'attention' ? `${attentionWords(tag, column.head)}; ${unit}, 0 to 1.` : unit && `In ${unit}.`;
  const scale = text ? scaleWords(run, column, samples, text) : '';
  const parts = [shows, scale, flipWords(run, column, samples, known), explainer.caution, `${costWords(costOf(run, tag))}.`];
  return parts.filter(Boolean).join(' ');
}
