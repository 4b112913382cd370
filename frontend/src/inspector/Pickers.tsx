import {axesOf, chooseHead, chooseQuery, headAt, queryOf, showsAllHeads, type Place} from '../store/attention';
import {opened} from '../store/selection';
import {Menu} from '../ui/Menu';
import {headName, queryName} from '../views/samples/attention_words';
import type {Subject} from './subject';

/** Shows a head: in all views, or here alone where they show all heads. */
function showHead({tag, sample}: Subject, head: Place): void {
  const isAlone = opened.peek()?.head !== undefined;
  if (isAlone || showsAllHeads(tag)) opened.value = {tag: tag.tag, sample, head};
  else chooseHead(tag, head);
}

/** Chooses the head and the query of attention, where several are recorded. */
export function Pickers({subject}: {subject: Subject}) {
  const {tag, map} = subject;
  const {heads, queries} = axesOf(tag);
  if (heads.length < 2 && queries.length < 2) return null;
  return (
    <div class="choices">
      {heads.length > 1 && (
        <Menu label="Head" value={headAt(tag, map)} options={heads.map((value) => ({value, label: headName(value)}))} onChange={(head) => showHead(subject, head)} />
      )}
      {queries.length > 1 && (
        <Menu label="From" value={queryOf(tag) ?? null} options={queries.map((value) => ({value, label: queryName(value)}))} onChange={chooseQuery} />
      )}
    </div>
  );
}
