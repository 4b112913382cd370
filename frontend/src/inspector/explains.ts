// What a map explains, in words.
import type {RunData} from '../api';
import {headAt} from '../store/attention';
import {className, type Predictions} from '../store/predictions';
import {stepText} from '../store/time';
import {attentionWords} from '../views/samples/attention_sentences';
import {stretches} from '../views/samples/flips';
import type {Subject} from './subject';

const LONGEST = 20;

/** A class in quotes, cut where it is long. */
function quoted(run: RunData, index: number): string {
  const name = className(run, index);
  return `“${name.length > LONGEST ? `${name.slice(0, LONGEST).trimEnd()}…` : name}”`;
}

/** `explains “one”; explained “seven” until 30`. */
export function explainsWords({run, tag, sample, map}: Subject, known: Predictions | null, step: number): string {
  const {target} = tag.facts;
  if (tag.kind === 'attention') return attentionWords(tag, headAt(tag, map));
  if (target === null) return '';
  const record = known?.recordAt(step) ?? -1;
  const classes = known?.explained(target, sample) ?? [];
  const past = stretches(classes.slice(0, record + 1));
  const now = past.at(-1);
  if (!known || !now) return `explains ${target}`;
  const before = past.at(-2);
  const earlier = before ? `; explained ${quoted(run, before.target)} until ${stepText(known.steps[before.to]!)}` : '';
  return `explains ${quoted(run, now.target)}${earlier}`;
}
