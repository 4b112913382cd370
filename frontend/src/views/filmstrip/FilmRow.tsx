import {useMemo} from 'preact/hooks';
import type {RunData} from '../../api';
import {headMeant} from '../../store/attention';
import type {ReadyMap} from '../../store/maps';
import {className, sampleName, type Predictions} from '../../store/predictions';
import {singleAt} from '../../store/single';
import {openCell} from '../../store/selection';
import {goTo, stepName, stepText} from '../../store/time';
import {MapCell} from '../../ui/Cell';
import type {BadgeProps} from '../../ui/Badge';
import {choiceWords} from '../samples/attention_words';
import {figureWords} from '../samples/figure_words';
import {focusedColumn} from '../samples/focus';
import {QueryMark} from '../samples/QueryMark';
import {PREDICTED, stretches} from '../samples/flips';
import {mapOfRow, type Row} from './changes';
import type {Frame} from './key_frames';
import {RowHead} from './RowHead';

export interface FilmRowProps {
  run: RunData;
  row: Row;
  sample: number;
  columns: readonly Frame[];
  known: Predictions | null;
  picture: string | undefined;
}

/** Says at a column that its maps explain another class than those of the column before. */
function flipBadge(run: RunData, known: Predictions, sample: number, from: number | undefined) {
  const explained = known.explained(PREDICTED, sample);
  const before = from === undefined ? null : (explained[known.recordAt(run.steps[from]!)] ?? null);
  return ({target, step}: ReadyMap): BadgeProps | null => {
    if (target === null || before === null || target === before) return null;
    const record = known.recordAt(step);
    const start = stretches(explained).find(({from: first, to}) => first <= record && record <= to)?.from ?? record;
    const [old, now] = [className(run, before), className(run, target)];
    const moment = `${stepName.value.toLowerCase()} ${stepText(known.steps[start]!)}`;
    const spoken = `flipped from ${old} to ${now} at ${moment}`;
    const title = `Flipped from ${old} to ${now} at ${moment}. This map and the one before explain different classes: they are no equals.`;
    return {icon: 'flip', text: `${old} → ${now}`, title, spoken};
  };
}

function FilmCell({place, ...props}: FilmRowProps & {place: number}) {
  const {run, row, sample, columns, known, picture} = props;
  const {tag, explainer, head} = row;
  const at = run.steps[columns[place]!.index]!;
  const before = columns[place - 1]?.index;
  const badge = useMemo(() => (tag.facts.target === PREDICTED && known ? flipBadge(run, known, sample, before) : undefined), [run, tag, known, sample, before]);
  const name = [explainer.title, choiceWords(tag, head), sampleName(run, sample), `${stepName.value.toLowerCase()} ${stepText(at)}`].filter(Boolean).join(', ');
  return (
    <MapCell
      run={run} tag={tag} map={mapOfRow(row, sample)} at={at} read={singleAt} name={name} sample={sample} picture={picture} solid={!picture}
      pixelated={run.samples?.pixelated ?? false} details={figureWords} {...(badge && {badge})} role="gridcell" tabIndex={Math.min(focusedColumn.value, columns.length - 1) === place ? 0 : -1}
    >
      {tag.kind === 'attention' && <QueryMark tag={tag} />}
    </MapCell>
  );
}

/** One explainer with one target at all columns; a cell opens the inspector and goes to its record. */
export function FilmRow(props: FilmRowProps) {
  const {run, row, sample, columns, known, picture} = props;
  const openAt = (cell: Element | null) => {
    const place = cell?.closest<HTMLElement>('[data-column]')?.dataset.column;
    const frame = place === undefined ? undefined : columns[Number(place)];
    if (!frame) return;
    goTo(frame.index);
    openCell(row.tag.tag, sample, run.run, headMeant(row.tag, mapOfRow(row, sample)));
  };
  const onClick = ({target}: MouseEvent) => {
    if (!(target as HTMLElement).closest('button')) openAt((target as HTMLElement).closest('.cell'));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.target as HTMLElement).matches('.cell')) return;
    openAt(event.target as HTMLElement);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="frow" role="row" data-row={row.tag.tag} onClick={onClick} onKeyDown={onKeyDown}>
      <RowHead run={run} row={row} sample={sample} known={known} solid={!picture} />
      {columns.map((frame, place) => (
        <div key={frame.index} class="fcell" data-column={place}>
          <FilmCell {...props} place={place} />
        </div>
      ))}
    </div>
  );
}
