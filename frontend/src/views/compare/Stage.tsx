import {useMemo} from 'preact/hooks';
import {point, unpoint} from '../../store/pointer';
import {pictures} from '../../store/tables';
import {diverging} from '../../store/view';
import {Switch} from '../../ui/controls';
import {Icon} from '../../ui/icons';
import {Charts} from './Charts';
import {DifferenceCell} from './DifferenceCell';
import {Figures} from './Figures';
import {DifferenceLegend, SideLegend} from './legends';
import {gridNote, sameNote, scaleNote, signNote} from './notes';
import {divide, divided} from './pair';
import {Pick} from './Pick';
import {chosenMatch, type ChosenSide, type Match} from './sides';
import {SideCell} from './SideCell';
import {Blink, Swipe} from './Stacked';
import {kind, mode} from './state';
import {KIND_TITLES, kindWords, runName} from './words';

interface StageProps {
  a: ChosenSide;
  b: ChosenSide;
}

type Shots = [string | undefined, string | undefined];

/** Pictures of the sample in both runs. */
function usePictures({a, b}: StageProps, match: Match | null): Shots {
  const [ofA, ofB] = [pictures(a.data), pictures(b.data)];
  const shot = (known: typeof ofA, own: number | null | undefined) =>
    known.status === 'ready' && own !== null && own !== undefined ? known.value.pictures.get(own) : undefined;
  return [shot(ofA, match?.a), shot(ofB, match?.b)];
}

function Difference({a, b, match, picture}: StageProps & {match: Match; picture: string | undefined}) {
  return (
    <figure>
      <figcaption class="pick still">
        <span class="b">{KIND_TITLES[kind.value]}</span>
        <span class="cap clip1" title={kindWords(kind.value, diverging.value)}>{kindWords(kind.value, diverging.value)}</span>
      </figcaption>
      <DifferenceCell a={a} b={b} match={match} picture={picture} pixelated={a.data.samples?.pixelated ?? false} />
      <DifferenceLegend match={match} solid={!picture} />
    </figure>
  );
}

function SideBySide({a, b, match, shots}: StageProps & {match: Match; shots: Shots}) {
  return (
    <div class="trio" onPointerMove={(event) => follow(match, event)} onPointerLeave={unpoint}>
      {[a, b].map((side, i) => (
        <figure key={side.name}>
          <Pick side={side} own={i ? match.b : match.a} />
          <SideCell side={side} match={match} picture={shots[i]} />
          <SideLegend side={side} match={match} solid={!shots[i]} />
        </figure>
      ))}
      <Difference {...{a, b, match}} picture={shots[0]} />
    </div>
  );
}

function OneSquare({a, b, match, shots}: StageProps & {match: Match; shots: Shots}) {
  const Square = mode.value === 'swipe' ? Swipe : Blink;
  return (
    <div class="trio duo" onPointerMove={(event) => follow(match, event)} onPointerLeave={unpoint}>
      <figure>
        <div class="picks">
          <Pick side={a} own={match.a} />
          <Pick side={b} own={match.b} />
        </div>
        <Square {...{a, b, match}} pictures={shots} />
        <SideLegend side={a} match={match} solid={!shots[0]} />
        {divided.value && <SideLegend side={b} match={match} solid={!shots[1]} />}
      </figure>
      <Difference {...{a, b, match}} picture={shots[0]} />
    </div>
  );
}

/** Links the place under the cursor in all cells. */
function follow(match: Match, event: PointerEvent): void {
  const cell = (event.target as HTMLElement).closest('.stacked, .cell');
  if (cell && match.shown !== null) point(match.shown, event, cell);
  else unpoint();
}

/** Both maps, their difference, and how alike they are. */
export function Stage({a, b}: StageProps) {
  const found = chosenMatch.value;
  const match = useMemo(() => found, [found?.a, found?.b, found?.shown]);
  const shots = usePictures({a, b}, match);
  if (!match) return <section class="stage" aria-label="Comparison"><NoSample a={a} b={b} /></section>;
  const Layout = mode.value === 'side' ? SideBySide : OneSquare;
  return (
    <section class="stage" aria-label="Comparison">
      <Layout {...{a, b, match, shots}} />
      <Notes a={a} b={b} />
      <Figures />
      <Charts a={a} b={b} match={match} />
    </section>
  );
}

function NoSample({a, b}: StageProps) {
  return (
    <div class="trio">
      <figure><Pick side={a} own={null} /><div class="cell msg"><span class="words">This sample is not in {runName(a.run)}. Choose one from the list.</span></div></figure>
      <figure><Pick side={b} own={null} /></figure>
    </div>
  );
}

function Notes({a, b}: StageProps) {
  const scale = scaleNote(a, b);
  const notes = [scale, gridNote(a.maps, b.maps), signNote(a.maps, b.maps), sameNote(a, b)].filter(Boolean);
  if (!notes.length) return null;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>
          <Icon name="info" small />
          <span>{note}</span>
          {note === scale && (
            <Switch label="Divide" on={divided.value} onChange={divide} />
          )}
        </li>
      ))}
    </ul>
  );
}
