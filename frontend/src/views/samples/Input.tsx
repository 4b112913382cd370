import type {MapTag, RunData} from '../../api';
import {queryOf} from '../../store/attention';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {patchOf, queryName} from './attention_words';
import type {Row as RowData} from './order';
import {moveQuery, pickedTag, pickQuery} from './query_pick';
import {columns} from './state';

/** The patch from which the attention comes. */
export function QueryMark({tag}: {tag: MapTag}) {
  const patch = patchOf(tag, queryOf(tag));
  if (!patch) return null;
  const [rows, cols] = tag.facts.native;
  const share = (place: number, all: number) => `${(place / all) * 100}%`;
  return <i class="query" style={{left: share(patch.col, cols), top: share(patch.row, rows), width: share(1, cols), height: share(1, rows)}} />;
}

interface InputProps {
  run: RunData;
  row: RowData;
  picture: string | undefined;
  pixelated: boolean;
  tabIndex: number;
}

function nameOf(row: RowData, tag: MapTag | null): string {
  const name = `Input, ${row.name}`;
  return tag ? `${name}; attention from ${queryName(queryOf(tag) ?? null)}, Shift and arrows move it` : name;
}

/** The picture of a sample; where attention was recorded, a click chooses from where it looks. */
export function Input({run, row, picture, pixelated, tabIndex}: InputProps) {
  const tag = pickedTag(columns.value);
  if (!picture) return <div class="cell msg" role="gridcell" tabIndex={tabIndex} aria-label={`Input, ${row.name}: not stored`}>Picture not stored</div>;
  return (
    <div
      class={tag ? 'cell picks' : 'cell'} role="gridcell" tabIndex={tabIndex} aria-label={nameOf(row, tag)}
      title={tag ? 'Click: attention from here' : undefined}
      onClick={tag ? (event) => pickQuery(tag, event, event.currentTarget) : undefined}
      onKeyDown={tag ? (event) => void moveQuery(tag, event) : undefined}
    >
      <Picture address={picture} pixelated={pixelated} />
      <ObjectOutline run={run} sample={row.sample} />
      {tag && <QueryMark tag={tag} />}
      <Reticle sample={row.sample} at={null} />
    </div>
  );
}
