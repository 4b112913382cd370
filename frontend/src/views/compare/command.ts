// The command that checks what is compared, to be run in a terminal or in CI.
import {directoryOf} from '../../export/files';
import {mapsOfSample} from '../../store/maps';
import {mapOf, recordOf, type ChosenSide} from './sides';

/** A word as a shell reads it. */
export const shellText = (text: string): string =>
  (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

/** `tb-explain check A B`, with the maps and records of both sides. */
export function commandOf(a: ChosenSide, b: ChosenSide, logdir: string): string {
  const runs = [a, b].map(({run}) => shellText(directoryOf(logdir, run)));
  const tags = a.tag === b.tag ? ['--tag', shellText(a.tag)] : ['--pair', shellText(a.tag), shellText(b.tag)];
  const steps = ['--step-a', recordOf(a) ?? 0, '--step-b', recordOf(b) ?? 0];
  return ['tb-explain', 'check', ...runs, ...tags, ...steps].join(' ');
}

/** Whether the command compares other maps: of several heads or queries it takes the first. */
export const takesOthers = (side: ChosenSide): boolean =>
  mapOf(side, 0) !== (mapsOfSample(side.maps, 0)[0] ?? -1);
