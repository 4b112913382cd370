import {useState} from 'preact/hooks';
import {getValues} from '../api';
import {logdir} from '../store/live';
import {rangesText} from '../store/plan';
import {currentLink} from '../store/link';
import {contour, masks, USUAL_CONTOUR, view} from '../store/view';
import {sampleName} from '../store/predictions';
import {shown} from '../store/runs';
import {step, stepName, stepText} from '../store/time';
import {Snippet} from '../ui/Empty';
import {percent, plural} from '../ui/format';
import {addStyle} from '../ui/style';
import {choiceOf, collect, type Piece} from './collect';
import {differenceCsv, differenceIn, differenceName, differenceNpy} from './difference';
import {draw} from './draw';
import css from './export.css?inline';
import {plain, save, snippetOf} from './files';

addStyle(css);

/** What is said about all cells beside what they share. */
function caption(pieces: readonly Piece[]): string[] {
  const isOutlined = pieces.some(({cell}) => cell.querySelector('.outline.strong'));
  const chosen = contour.peek() ?? (isOutlined ? USUAL_CONTOUR : null);
  const kind = chosen && (chosen.by === 'share' ? `outline: top ${percent(chosen.level)}` : `outline: ${percent(chosen.level)} of the scale`);
  return [[kind, masks.peek() && 'dashed: object', 'tb_explain'].filter(Boolean).join(' · ')];
}

/** Names a file after the map where there is one, or else after the view. */
function fileName(pieces: readonly Piece[]): string {
  const [only, ...others] = pieces.flatMap(({map}) => map ?? []);
  const sample = only?.tag.columns.sample[only.index] ?? null;
  const subject = !only || others.length ? view.peek() : [only.tag.tag, sample === null ? '' : sampleName(only.run, sample)].map(plain).join('_');
  return [plain(only?.run.run ?? shown.peek()?.run ?? ''), subject, `${stepName.peek().toLowerCase()}${step.peek()}`].join('_');
}

async function savePicture(pieces: readonly Piece[]): Promise<void> {
  const canvas = draw(pieces, caption(pieces));
  const content = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!content) throw new Error('The picture is too large for this browser.');
  save(content, `${fileName(pieces)}.png`);
}

async function saveValues(pieces: readonly Piece[], format: 'npz' | 'csv'): Promise<void> {
  const choice = choiceOf(pieces).map(({maps, ...entry}) => ({...entry, maps: rangesText(maps)}));
  save(await getValues(JSON.stringify(choice), format), `${fileName(pieces)}.${format}`);
}

function saveDifference(pieces: readonly Piece[], format: 'csv' | 'npy'): void {
  const map = differenceIn(pieces);
  if (!map) return;
  const content = format === 'csv' ? differenceCsv(map) : differenceNpy(map);
  save(new Blob([content]), `${fileName(pieces)}_${differenceName()}.${format}`);
}

interface RowProps {
  title: string;
  words: string;
  children: preact.ComponentChildren;
}

function Row({title, words, children}: RowProps) {
  return (
    <div class="erow">
      <span><span class="b">{title}</span><span class="cap">{words}</span></span>
      {children}
    </div>
  );
}

/** Copies the link; where the clipboard is refused, the link stands selected. */
function CopyLink() {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(currentLink());
      setState('copied');
    } catch {
      setState('refused'); // Some frames have no clipboard at all.
    }
  };
  const select = (field: HTMLInputElement | null) => field?.select();
  if (state === 'refused') return <input ref={select} class="line" readOnly aria-label="Select and copy" value={currentLink()} />;
  return <button type="button" class="btn line" onClick={() => void copy()}>{state === 'copied' ? 'Copied' : 'Copy link'}</button>;
}

/** What can be saved of the cells in sight. */
export default function Panel({within}: {within: () => HTMLElement | null}) {
  const [problem, setProblem] = useState('');
  const area = within();
  const pieces = area ? collect(area) : [];
  const maps = pieces.filter(({map}) => map).length;
  const difference = differenceIn(pieces);
  const attempt = (work: () => Promise<void>) => () => {
    setProblem('');
    const now = within();
    if (now) work().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  const here = () => collect(within()!);
  const moment = `${stepName.value.toLowerCase()} ${stepText(step.value)}`;
  if (!pieces.length) return <p class="export cap">Nothing in sight has values or pictures.</p>;
  return (
    <div class="export">
      <Row title="Picture" words={`${plural(pieces.length, 'cell')} in sight, with captions and legends`}>
        <button type="button" class="btn line" onClick={attempt(() => savePicture(here()))}>PNG</button>
      </Row>
      <Row title="Values" words={maps ? `${plural(maps, 'map')} in sight, at ${moment}` : 'No map is in sight'}>
        <button type="button" class="btn line" disabled={!maps} onClick={attempt(() => saveValues(here(), 'csv'))}>CSV</button>
        <button type="button" class="btn line" disabled={!maps} onClick={attempt(() => saveValues(here(), 'npz'))}>NPZ</button>
      </Row>
      {difference && (
        <Row title="Difference" words={`${difference.rows} × ${difference.cols} values of B and A, as they are drawn`}>
          <button type="button" class="btn line" aria-label="Difference as CSV" onClick={() => saveDifference(here(), 'csv')}>CSV</button>
          <button type="button" class="btn line" aria-label="Difference as NPY" onClick={() => saveDifference(here(), 'npy')}>NPY</button>
        </Row>
      )}
      <Row title="Link" words="To this view in this state">
        <CopyLink />
      </Row>
      {problem && <p role="alert" class="cap problem">{problem}</p>}
      {maps > 0 && (
        <>
          <div class="b">In Python</div>
          <Snippet code={snippetOf(choiceOf(pieces), logdir.value)} />
        </>
      )}
    </div>
  );
}
