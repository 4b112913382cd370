import type {MapTag} from '../../api';
import {textFact} from '../../records/facts';
import {axesOf} from '../../store/attention';
import {costOf, costWords} from '../../store/cost';
import {Icon} from '../../ui/icons';
import {addStyle} from '../../ui/style';
import {Terms, type Term} from '../../ui/Terms';
import {attentionWords} from './attention_sentences';
import {unitOf} from './attention_words';
import css from '../../ui/about.css?inline';
import {samplesMeant, type ColumnProps} from './column_props';
import {endsOf} from './ends';
import {intervalWords, layerWords, mapWords, settingsWords} from './explainer_words';
import {flipWords, legendWords, scaleWords} from './legend_words';

export {legendWords};

addStyle(css);

/** How attention from other places is recorded, where there is only one. */
function queryHint(tag: MapTag): string {
  if (tag.kind !== 'attention' || tag.facts.explainer !== 'Attention' || axesOf(tag).queries.length > 1) return '';
  return 'One place alone; Attention(queries=["class", (row, column)]) records others, to be chosen on the picture.';
}

function termsOf({run, column, visible, known}: ColumnProps): Term[] {
  const {tag} = column;
  const samples = samplesMeant(visible);
  const found = endsOf(run, column, samples);
  const shows = tag.kind === 'attention' ? attentionWords(tag, column.head) : '';
  const unit = unitOf(tag);
  return [
    ['Shows', shows],
    ['Layer', layerWords(tag)],
    ['Target', tag.facts.target ?? ''],
    ['Queries', queryHint(tag)],
    ['Settings', settingsWords(tag)],
    ['Map', mapWords(tag)],
    ['Unit', unit && tag.kind === 'attention' ? `${unit}, 0 to 1` : unit],
    ['Colours', found ? scaleWords(run, column, samples, found.text) : ''],
    ['Class', flipWords(run, column, samples, known)],
    ['Cost', costWords(costOf(run, tag))],
    ['Recorded', intervalWords(run, tag)],
    ['Note', textFact(tag.facts, 'note') ?? ''],
  ];
}

/** What the maps of a column are, what they cost, and what speaks against them. */
export function Panel(props: ColumnProps) {
  const {title, paper, caution} = props.column.explainer;
  return (
    <div class="about">
      <div class="row">
        <span class="b">{title}</span>
        {paper && <a class="go cap" href={paper} target="_blank" rel="noreferrer">paper</a>}
      </div>
      {caution && <p class="caution"><Icon name="warning" />{caution}</p>}
      <Terms of={termsOf(props)} />
    </div>
  );
}
