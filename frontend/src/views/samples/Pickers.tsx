import type {MapTag} from '../../api';
import {ALL, axesOf, chooseAttention, chooseHead, chooseQuery, headOf, queryOf, showsAllHeads, type Place} from '../../store/attention';
import {Menu} from '../../ui/Menu';
import {addStyle} from '../../ui/style';
import css from './attention.css?inline';
import {layerChoice, layerShort} from './attention_sentences';
import {headName, queryName} from './attention_words';
import {attentionTags, type Column} from './state';

addStyle(css);

/** Chooses the layer of attention that is shown, or all of them. */
function LayerPicker({tag}: {tag: MapTag}) {
  const tags = attentionTags.value;
  const options = [...tags.map((one) => ({value: one.tag, label: layerChoice(one)})), {value: ALL, label: 'all, side by side'}];
  return <Menu label="Layer of attention" showLabel={false} value={tag.tag} class="small" shown={layerShort(tag)} options={options} onChange={chooseAttention} />;
}

/** Chooses the head of a layer, or (`sideBySide`) all of them. */
function HeadPicker({tag, sideBySide}: {tag: MapTag; sideBySide: boolean}) {
  const heads = axesOf(tag).heads.map((value) => ({value: value as Place | typeof ALL, label: headName(value)}));
  const options = sideBySide ? [...heads, {value: ALL, label: 'all heads'} as const] : heads;
  return (
    <Menu<Place | typeof ALL>
      label={`Head of ${tag.facts.layer ?? tag.facts.title}`} showLabel={false} class="small"
      value={sideBySide && showsAllHeads(tag) ? ALL : headOf(tag)} options={options} onChange={(head) => chooseHead(tag, head)}
    />
  );
}

/** Chooses head and query of attention, where several are recorded, and the layer of columns that stand side by side. */
export function Pickers({column: {tag}, sideBySide = false}: {column: Pick<Column, 'tag'>; sideBySide?: boolean}) {
  const {heads, queries} = axesOf(tag);
  const picksLayer = sideBySide && attentionTags.value.length > 1;
  if (!picksLayer && heads.length < 2 && queries.length < 2) return null;
  return (
    <div class="pickers">
      {picksLayer && <LayerPicker tag={tag} />}
      {heads.length > 1 && <HeadPicker tag={tag} sideBySide={sideBySide} />}
      {queries.length > 1 && (
        <Menu
          label="Query, in all layers" showLabel={false} value={queryOf(tag) ?? null} class="small"
          options={queries.map((value) => ({value, label: queryName(value)}))} onChange={chooseQuery}
        />
      )}
    </div>
  );
}
