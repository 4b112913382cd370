import type {Finding} from '../store/findings';

/** Findings that begin at nearly the same place. */
export interface Mark {
  /** Between 0 and 1. */
  place: number;
  findings: Finding[];
}

/** Puts findings together whose marks would cover each other; the place is that of the first. */
export function mergeMarks(findings: readonly Finding[], placeOf: (finding: Finding) => number, room: number): Mark[] {
  const marks: Mark[] = [];
  const placed = findings.map((finding) => ({finding, place: placeOf(finding)})).sort((a, b) => a.place - b.place);
  for (const {finding, place} of placed) {
    const last = marks.at(-1);
    if (last && place - last.place < room) last.findings.push(finding);
    else marks.push({place, findings: [finding]});
  }
  return marks;
}
