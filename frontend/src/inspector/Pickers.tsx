import {axesOf, chooseHead, chooseQuery, headOf, queryOf} from '../store/attention';
import {Menu} from '../ui/Menu';
import {headName, queryName} from '../views/samples/attention_words';
import type {Subject} from './subject';

/** Chooses the head and the query of attention, where several are recorded. */
export function Pickers({subject: {tag}}: {subject: Subject}) {
  const {heads, queries} = axesOf(tag);
  if (heads.length < 2 && queries.length < 2) return null;
  return (
    <div class="choices">
      {heads.length > 1 && (
        <Menu label="Head" value={headOf(tag)} options={heads.map((value) => ({value, label: headName(value)}))} onChange={(head) => chooseHead(tag, head)} />
      )}
      {queries.length > 1 && (
        <Menu label="From" value={queryOf(tag) ?? null} options={queries.map((value) => ({value, label: queryName(value)}))} onChange={chooseQuery} />
      )}
    </div>
  );
}
