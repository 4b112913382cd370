import type {RunData} from '../../api';
import {goTo, stepName, stepText} from '../../store/time';
import type {Frame} from './key_frames';

const MOVES: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => Math.max(0, at - 1),
  ArrowRight: (at, last) => Math.min(last, at + 1),
  Home: () => 0,
  End: (_, last) => last,
};

function moveFocus(event: KeyboardEvent): void {
  const heads = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = heads.indexOf(event.target as HTMLButtonElement);
  const move = MOVES[event.key];
  if (at < 0 || !move) return;
  heads[move(at, heads.length - 1)]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

/** The record of each column; a click goes there. Records that frame a change are joined by a line. */
export function FilmHead({run, columns, current}: {run: RunData; columns: readonly Frame[]; current: number}) {
  const stop = Math.max(0, columns.findIndex(({index}) => index === current));
  return (
    <div class="frow fhead" role="row" onKeyDown={moveFocus}>
      <div class="cap" role="columnheader">{stepName.value}</div>
      {columns.map((frame, place) => {
        const text = stepText(run.steps[frame.index]!);
        return (
          <div key={frame.index} class={frame.isJoined ? 'fcol adj' : 'fcol'} role="columnheader" data-column={place}>
            <button type="button" tabIndex={place === stop ? 0 : -1} title={`Go to ${stepName.value.toLowerCase()} ${text}`} onClick={() => goTo(frame.index)}>
              <span class="sr">{stepName.value} </span>{text}<span class="sr">{frame.isJoined ? ', a change' : ''}</span>
            </button>
          </div>
        );
      })}
      <span class="between" aria-hidden="true" hidden />
    </div>
  );
}
