// The classes that a sample was taken for, over time.
import type {Predictions} from '../store/predictions';

/** Probability of a class at each record; `null` where it was not among the recorded ones. */
export interface ClassLine {
  index: number;
  values: (number | null)[];
}

/** Lines that can be told apart. */
export const MOST_CLASSES = 5;

/** Probabilities of all classes that were recorded for a sample. */
function recorded(known: Predictions, sample: number): Map<number, ClassLine> {
  const lines = new Map<number, ClassLine>();
  const lineOf = (index: number) => {
    const line = lines.get(index) ?? {index, values: known.steps.map(() => null)};
    lines.set(index, line);
    return line;
  };
  const [first = ''] = known.facts.targets;
  const targets = known.hasProbability && first ? known.explained(first, sample) : [];
  const curve = known.curve(sample);
  targets.forEach((target, record) => {
    if (target !== null) lineOf(target).values[record] = curve[record] ?? null;
  });
  known.steps.forEach((_, record) => {
    for (const {index, probability} of known.top(record, sample)) lineOf(index).values[record] = probability;
  });
  return lines;
}

const peak = ({values}: ClassLine): number => Math.max(...values.map((value) => value ?? 0));

/** The classes that were ever the most probable; the label is always among them. */
export function classLines(known: Predictions, sample: number, label: number | null): ClassLine[] {
  const ranked = [...recorded(known, sample).values()].sort((a, b) => peak(b) - peak(a));
  const own = ranked.filter(({index}) => index === label);
  const others = ranked.filter(({index}) => index !== label).slice(0, MOST_CLASSES - own.length);
  return ranked.filter((line) => own.includes(line) || others.includes(line));
}
