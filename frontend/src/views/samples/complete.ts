import {useLayoutEffect, useState} from 'preact/hooks';
import type {RunData} from '../../api';
import {painted, setWaiting} from '../../render/ready';
import {shownMap} from '../../store/attention';
import {mapAt} from '../../store/maps';
import {predictionsOf} from '../../store/predictions';
import {scaleExtent} from '../../store/scales';
import {pictures} from '../../store/tables';
import {step} from '../../store/time';
import {columns, rows} from './state';

/** Milliseconds after which rows are shown with what is there. */
const PATIENCE = 300;
/** Rows that are in sight at first, at most. */
const ROWS = 12;

/**
 * Whether all that rows are made of is there, so that they are built once and not piece by piece.
 *
 * Until then their maps are asked for. Once the tab was painted, rows no longer wait.
 */
export function useComplete(run: RunData): boolean {
  const [isLate, setLate] = useState(false);
  const isThere = pictures(run).status !== 'loading' && predictionsOf(run)?.status !== 'loading';
  const shows = isThere || isLate || painted.peek();
  useLayoutEffect(() => {
    if (shows) return undefined;
    setWaiting('rows', true);
    askAhead(run);
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setWaiting('rows', false);
    };
  }, [shows]);
  return shows;
}

function askAhead(run: RunData): void {
  for (const {tag, head} of columns.peek()) {
    for (const {sample} of rows.peek().slice(0, ROWS)) {
      const map = shownMap(tag, sample, head === undefined ? {} : {head});
      mapAt(run, tag, step.peek(), map);
      scaleExtent(run, tag, map);
    }
  }
}
