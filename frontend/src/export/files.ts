// Names of files, code to go on with, and how a file is saved.
import type {Choice} from './collect';

const LONGEST = 80;

/** A part of a file name, whatever a run or tag is called. */
export function plain(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}_+=-]+/gu, '_').replace(/^_+|_+$/g, '');
  return safe.slice(0, LONGEST) || 'maps';
}

/** A string as Python writes it. */
export const pythonText = (text: string): string => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Directory of a run below the log directory. */
export function directoryOf(logdir: string, run: string): string {
  return run === '.' ? logdir : `${logdir.replace(/[/\\]+$/, '')}/${run}`;
}

const MOST = 4;

/** Code that loads the same maps. */
export function snippetOf(choice: readonly Choice[], logdir: string): string {
  const runs = [...new Set(choice.map(({run}) => run))];
  const lines = ['import tb_explain as tbx', ''];
  runs.forEach((run, i) => {
    const name = runs.length > 1 ? `run_${i + 1}` : 'run';
    lines.push(`${name} = tbx.load(${pythonText(directoryOf(logdir, run))})`);
    for (const {tag, step, maps} of choice.filter((entry) => entry.run === run).slice(0, MOST)) {
      lines.push(`${name}[${pythonText(tag)}][${step}].values[[${maps.join(', ')}]]`);
    }
  });
  return lines.join('\n');
}

/** Has the browser save a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  [link.href, link.download] = [address, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
