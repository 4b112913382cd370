// Conditions in the words of the filter: `seven confidence < .6 drift > .3`.

export interface Condition {
  /** One of the known names. */
  name: string;
  sign: '<' | '>' | '<=' | '>=';
  value: number;
}

export interface Filter {
  /** What is left without the conditions. */
  words: string;
  conditions: Condition[];
}

const PATTERN = /([a-z][\w ]*?)\s*(<=|>=|<|>)\s*(-?\d*\.?\d+)\s*(%?)/gi;

/** Takes the conditions on known names out of a text; everything else stays as words. */
export function readFilter(text: string, names: readonly string[]): Filter {
  const conditions: Condition[] = [];
  const longest = names.toSorted((a, b) => b.length - a.length);
  const words = text.replace(PATTERN, (whole: string, before: string, sign: Condition['sign'], digits: string, percent: string) => {
    const name = longest.find((one) => ` ${before.toLowerCase()}`.endsWith(` ${one.toLowerCase()}`));
    if (name === undefined) return whole;
    conditions.push({name, sign, value: Number(digits) / (percent ? 100 : 1)});
    return before.slice(0, before.length - name.length);
  });
  return {words: words.replace(/\s+/g, ' ').trim(), conditions};
}

/** Whether a value meets a condition; a value that is not known meets none. */
export function meets({sign, value}: Condition, given: number | null | undefined): boolean {
  if (given === null || given === undefined) return false;
  if (sign.startsWith('<')) return given < value || (sign === '<=' && given === value);
  return given > value || (sign === '>=' && given === value);
}
