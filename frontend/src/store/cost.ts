import type {MapTag, RunData} from '../api';
import {numberFact} from '../records/facts';
import {grouped} from '../ui/format';
import {isMaps} from './runs';

/** What a record of a tag costs. */
export interface Cost {
  seconds: number;
  /** Seconds of all tags with its title, where there are others. */
  together: number | null;
  /** Evaluations of the model on one sample, where they were counted. */
  forwards: number | null;
  backwards: number | null;
}

/** The middle one of what was spent per record: the first also pays for the tracing. */
function usual(run: RunData, title: string): number | null {
  const spent = (run.progress.seconds[title] ?? []).filter((seconds) => seconds !== null).sort((a, b) => a - b);
  return spent[spent.length >> 1] ?? null;
}

export function costOf(run: RunData, tag: MapTag): Cost {
  const {title, seconds} = tag.facts;
  const tags = run.tags.filter(isMaps).filter(({facts}) => facts.title === title).length;
  const all = usual(run, title);
  return {
    seconds: tags > 1 ? seconds : (all ?? seconds),
    together: tags > 1 ? all : null,
    forwards: numberFact(tag.facts, 'forwards'),
    backwards: numberFact(tag.facts, 'backwards'),
  };
}

/** Two digits of a time: 12 ms, 0.12 s, 3.4 s. */
export function secondsText(seconds: number): string {
  if (seconds < 0.001) return 'under 1 ms';
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  return `${seconds < 10 ? seconds.toPrecision(2) : grouped(Math.round(seconds))} s`;
}

const passes = (count: number, kind: string): string => `${grouped(count)} ${kind} ${count === 1 ? 'pass' : 'passes'}`;

/** What a record costs in words: `0.12 s per record, 800 forward passes, 800 backward passes`. */
export function costWords({seconds, together, forwards, backwards}: Cost): string {
  const all = together !== null && `${secondsText(together)} with its other layers and targets`;
  return [
    `${secondsText(seconds)} per record`,
    all,
    forwards !== null && passes(forwards, 'forward'),
    backwards !== null && passes(backwards, 'backward'),
  ].filter(Boolean).join(', ');
}
