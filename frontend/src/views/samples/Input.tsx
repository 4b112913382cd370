import type {MapTag, RunData} from '../../api';
import {queryOf} from '../../store/attention';
import {Fit, pictureProportion} from '../../ui/Fit';
import {ObjectOutline} from '../../ui/ObjectOutline';
import {Picture} from '../../ui/Picture';
import {Reticle} from '../../ui/Reticle';
import {attentionPart} from './attention_part';
import {queryName} from './attention_words';
import type {Row as RowData} from './order';
import {columns} from './state';

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
  const tools = attentionPart.now.value;
  const tag = tools?.pickedTag(columns.value) ?? null;
  if (!picture) return <div class="cell msg" role="gridcell" tabIndex={tabIndex} aria-label={`Input, ${row.name}: not stored`}>Picture not stored</div>;
  return (
    <div
      class={tag ? 'cell picks' : 'cell'} role="gridcell" tabIndex={tabIndex} aria-label={nameOf(row, tag)}
      title={tag ? 'Click: attention from here' : undefined}
      onClick={tools && tag ? (event) => tools.pickQuery(tag, event, event.currentTarget) : undefined}
      onKeyDown={tools && tag ? (event) => void tools.moveQuery(tag, event) : undefined}
    >
      <Fit of={pictureProportion(run)}>
        <Picture address={picture} pixelated={pixelated} />
        <ObjectOutline run={run} sample={row.sample} />
        {tools && tag && <tools.QueryMark tag={tag} />}
        <Reticle sample={row.sample} at={null} />
      </Fit>
    </div>
  );
}
