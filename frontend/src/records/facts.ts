import type {MapFacts} from '../api';

type Facts = Partial<Pick<MapFacts, 'facts'>>;

/** A fact that is a sentence or a word, or `null`. */
export function textFact({facts}: Facts, name: string): string | null {
  const fact = facts?.[name];
  return typeof fact === 'string' && fact ? fact : null;
}

/** A fact that is a number, or `null`. */
export function numberFact({facts}: Facts, name: string): number | null {
  const fact = facts?.[name];
  return typeof fact === 'number' ? fact : null;
}

/** Whether maps are pictures in red, green and blue around zero, and not weights. */
export const isPicture = ({facts, shape}: Facts & Pick<MapFacts, 'shape'>): boolean =>
  facts?.['picture'] === true && shape[2] === 3;
