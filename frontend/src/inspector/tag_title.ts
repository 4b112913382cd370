import type {MapTag} from '../api';

/** Title of an explainer, and what tells it from its namesakes. */
export function tagTitle({facts: {title, target, layer}}: MapTag, all: readonly MapTag[]): string {
  const namesakes = all.filter((other) => other.facts.title === title);
  const differs = (own: string | null, of: (tag: MapTag) => string | null) => own !== null && namesakes.some((other) => of(other) !== own);
  const more = [differs(layer, (tag) => tag.facts.layer) ? layer : null, differs(target, (tag) => tag.facts.target) ? target : null];
  return [title, ...more].filter(Boolean).join(' · ');
}
