import type {PredictionFacts, RunData} from '../api';
import type {Numbers} from '../block';
import {isPrediction} from './runs';
import {lastNotAbove} from './steps';
import {table, type Loaded, type Table} from './tables';

/** What the model said about one sample at one record. */
export interface Outcome {
  /** Index of the predicted class, or `null` for tasks without classes. */
  predicted: number | null;
  /** Probability of the predicted class, or `null`. */
  probability: number | null;
  /** Whether that is the label, or `null` without labels. */
  correct: boolean | null;
  /** Score of the first target. */
  score: number | null;
}

/** Predictions of all samples over all records of a run. */
export class Predictions {
  readonly steps: readonly number[];
  readonly facts: PredictionFacts;
  /** Whether the curve of a sample is a probability; otherwise it is a score. */
  readonly hasProbability: boolean;
  private readonly classes = new Map<string, readonly (number | null)[]>();
  private readonly histories = new Map<number, readonly Outcome[]>();

  constructor(private readonly table: Table<PredictionFacts>) {
    this.steps = table.steps;
    this.facts = table.facts;
    this.hasProbability = table.arrays.probability?.values.some((value) => !Number.isNaN(value)) ?? false;
  }

  get samples(): number {
    return this.table.arrays.predicted?.shape[1] ?? 0;
  }

  /** Index of the record at a step or before it, or -1. */
  recordAt(step: number): number {
    return lastNotAbove(this.steps, step);
  }

  outcome(record: number, sample: number): Outcome {
    const at = record * this.samples + sample;
    const predicted = this.number('predicted', at);
    const correct = this.number('correct', at);
    return {
      predicted: predicted === null || predicted < 0 ? null : predicted,
      probability: this.number('predicted_probability', at),
      correct: correct === 1 ? true : correct === 0 ? false : null,
      score: this.number('score', this.placeOf('score', record, sample)),
    };
  }

  /** Outcomes of a sample over all records. */
  history(sample: number): readonly Outcome[] {
    let history = this.histories.get(sample);
    if (!history) {
      history = this.steps.map((_, record) => this.outcome(record, sample));
      this.histories.set(sample, history);
    }
    return history;
  }

  /** Class that maps of a target explain at each record; `null` where there is none. */
  explained(target: string, sample: number): readonly (number | null)[] {
    const key = `${sample} ${target}`;
    let classes = this.classes.get(key);
    if (!classes) {
      classes = this.readClasses(this.facts.targets.indexOf(target), sample);
      this.classes.set(key, classes);
    }
    return classes;
  }

  private readClasses(place: number, sample: number): (number | null)[] {
    if (place < 0) return this.history(sample).map(({predicted}) => predicted);
    return this.steps.map((_, record) => {
      const found = this.number('target', this.placeOf('target', record, sample) + place * this.samples);
      return found === null || found < 0 ? null : found;
    });
  }

  /** Probability (or score) of the first target of a sample at a record. */
  height(record: number, sample: number): number | null {
    const name = this.hasProbability ? 'probability' : 'score';
    return this.number(name, this.placeOf(name, record, sample));
  }

  /** The same over all records. */
  curve(sample: number): (number | null)[] {
    return this.steps.map((_, record) => this.height(record, sample));
  }

  /** Most probable classes of a sample at a record, the first one first; empty where they are not recorded. */
  top(record: number, sample: number): {index: number; probability: number}[] {
    const shown = this.table.arrays.top_class?.shape[2] ?? 0;
    const start = (record * this.samples + sample) * shown;
    return Array.from({length: shown}, (_, place) => start + place).flatMap((at) => {
      const index = this.number('top_class', at);
      const probability = this.number('top_probability', at);
      return index === null || index < 0 || probability === null ? [] : [{index, probability}];
    });
  }

  /** Probability of the predicted class less that of the runner-up; `null` without a runner-up. */
  margin(record: number, sample: number): number | null {
    const [first, second] = this.top(record, sample);
    return first && second ? first.probability - second.probability : null;
  }

  private placeOf(name: string, record: number, sample: number): number {
    const [, targets = 1, samples = 0] = this.table.arrays[name]?.shape ?? [];
    return record * targets * samples + sample;
  }

  private number(name: string, at: number): number | null {
    const values: Numbers | undefined = this.table.arrays[name]?.values;
    const value = values?.[at];
    return value === undefined || !Number.isFinite(value) ? null : value;
  }
}

const made = new WeakMap<Table<PredictionFacts>, Predictions>();

/** Predictions of a run's first output; `null` if it recorded none. Subscribes the caller. */
export function predictionsOf(run: RunData): Loaded<Predictions> | null {
  const tag = run.tags.find(isPrediction);
  if (!tag) return null;
  const loaded = table(run, tag);
  if (loaded.status !== 'ready') return loaded;
  let value = made.get(loaded.value);
  if (!value) {
    value = new Predictions(loaded.value);
    made.set(loaded.value, value);
  }
  return {status: 'ready', value};
}

/** Name of a class, or its number. */
export function className(run: RunData, index: number | null): string {
  if (index === null) return '';
  return run.samples?.class_names?.[index] ?? `class ${index}`;
}

export const sampleName = (run: RunData, sample: number): string =>
  run.samples?.names[sample] ?? `sample ${sample}`;

/** Index of the same picture in another run by its content; of some alike, the one in the same place among them. */
export function sameSample(from: RunData, sample: number, to: RunData): number | null {
  if (from.run === to.run) return sample;
  const hash = from.samples?.hashes[sample];
  if (hash === undefined) return null;
  const all = placesOf(to, hash);
  return all[placesOf(from, hash).indexOf(sample)] ?? all[0] ?? null;
}

const byContent = new WeakMap<object, Map<string, number[]>>();

/** Samples of a run with some content. */
function placesOf({samples}: RunData, hash: string): readonly number[] {
  if (!samples) return [];
  let places = byContent.get(samples);
  if (!places) {
    places = new Map<string, number[]>();
    for (const [sample, content] of samples.hashes.entries()) {
      places.set(content, [...(places.get(content) ?? []), sample]);
    }
    byContent.set(samples, places);
  }
  return places.get(hash) ?? [];
}
