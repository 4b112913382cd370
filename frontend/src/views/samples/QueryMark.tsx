import type {MapTag} from '../../api';
import {queryOf} from '../../store/attention';
import {addStyle} from '../../ui/style';
import css from './attention.css?inline';
import {patchOf} from './attention_words';

addStyle(css);

/** The patch from which the attention comes. */
export function QueryMark({tag}: {tag: MapTag}) {
  const patch = patchOf(tag, queryOf(tag));
  if (!patch) return null;
  const [rows, cols] = tag.facts.native;
  const share = (place: number, all: number) => `${(place / all) * 100}%`;
  return <i class="query" style={{left: share(patch.col, cols), top: share(patch.row, rows), width: share(1, cols), height: share(1, rows)}} />;
}
