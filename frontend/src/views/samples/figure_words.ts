import type {ReadyMap} from '../../store/maps';
import {figure, percent, plural} from '../../ui/format';

/** How figures are read that their name alone does not say. */
const WORDS: Readonly<Record<string, (value: number) => string>> = {
  completeness: (value) => `completeness gap ${figure(value)}`,
  gap: (value) => `completeness gap ${figure(value)}`,
  kept: (value) => `${percent(value)} of the score kept`,
  r2: (value) => `R² of the fit ${figure(value)}`,
  segments: (value) => plural(value, 'segment'),
  elsewhere: (value) => `${percent(value)} of the attention on class and register tokens`,
};

/** Where a map of attention looks from; its column says it. */
const SAID_ELSEWHERE = 'query';

/** The figures of a map in words, without its metrics, which have views of their own: `completeness gap .004`. */
export function figureWords({figures, facts}: Pick<ReadyMap, 'figures'> & Partial<Pick<ReadyMap, 'facts'>>): string {
  const metrics = Object(facts?.facts?.['metrics']) as object;
  return Object.entries(figures)
    .flatMap(([name, value]) => {
      if (value === null || name === SAID_ELSEWHERE || name in metrics) return [];
      return WORDS[name]?.(value) ?? `${name.replaceAll('_', ' ')} ${figure(value)}`;
    })
    .join(', ');
}
