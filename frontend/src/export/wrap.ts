const MOST_LINES = 4;

/** Cuts text into lines of a width; a word that is too long is cut, and so is what would be too many lines. */
export function wrap(text: string, width: number, measure: (text: string) => number, most = MOST_LINES): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (word: string) => {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer) <= width || !line) line = longer;
    else {
      lines.push(line);
      line = word;
    }
    while (measure(line) > width && line.length > 1) {
      let end = line.length - 1;
      while (end > 1 && measure(line.slice(0, end)) > width) end--;
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  };
  text.split(/\s+/).filter(Boolean).forEach(add);
  if (line) lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]!.slice(0, -1)}…`];
}
