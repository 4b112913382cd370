import type {ComponentChildren} from 'preact';
import {textFact} from '../records/facts';
import type {MapTag} from '../api';
import {headAt} from '../store/attention';
import {costOf, costWords} from '../store/cost';
import {explainersOf} from '../store/explainers';
import type {ReadyMap} from '../store/maps';
import {metricsOf} from '../store/metrics';
import {paperLink} from '../store/paper';
import {Icon} from '../ui/icons';
import {Terms, type Term} from '../ui/Terms';
import {Trust} from '../ui/Trust';
import {attentionWords} from '../views/samples/attention_sentences';
import {unitOf} from '../views/samples/attention_words';
import {intervalWords, layerWords, mapWords, settingsWords} from '../views/samples/explainer_words';
import {figureWords} from '../views/samples/figure_words';
import {restedMap, type Subject} from './subject';

/** Address of a paper without what says nothing: `arxiv.org/abs/1610.02391`. */
const addressWords = (address: string): string => address.replace(/^https?:\/\/(www\.)?/, '');

/** The figures of a map that are no metrics. */
function figuresOf(tag: MapTag, {figures}: ReadyMap): Pick<ReadyMap, 'figures'> {
  return {figures: Object.fromEntries(Object.entries(figures).filter(([name]) => !(name in metricsOf(tag))))};
}

/** The badge of the explainer, over all samples. */
function trust({run, tag}: Subject): ComponentChildren {
  const explainer = explainersOf(run).find(({tags}) => tags.some((other) => other.tag === tag.tag));
  return explainer && Object.keys(metricsOf(tag)).length > 0 && <Trust run={run} tags={explainer.tags} />;
}

function termsOf(subject: Subject): Term[] {
  const {run, tag} = subject;
  const {target} = tag.facts;
  const paper = paperLink(tag.facts.paper);
  const now = restedMap(subject);
  const unit = unitOf(tag);
  return [
    ['Trust', trust(subject)],
    ['Shows', tag.kind === 'attention' ? attentionWords(tag, headAt(tag, subject.map)) : ''],
    ['Layer', layerWords(tag)],
    ['Target', target ?? ''],
    ['Score', now.status === 'ready' && now.score !== null ? now.score.toPrecision(3) : ''],
    ['Figures', now.status === 'ready' ? figureWords(figuresOf(tag, now)) : ''],
    ['Settings', settingsWords(tag)],
    ['Map', mapWords(tag)],
    ['Unit', unit && tag.kind === 'attention' ? `${unit}, 0 to 1` : unit],
    ['Cost', costWords(costOf(run, tag))],
    ['Recorded', intervalWords(run, tag)],
    ['Paper', paper && <a class="go" href={paper} target="_blank" rel="noreferrer">{addressWords(paper)}</a>],
    ['Note', textFact(tag.facts, 'note') ?? ''],
  ];
}

/** How the map was made, what it cost, and what speaks against it. */
export function Details({subject}: {subject: Subject}) {
  const caution = textFact(subject.tag.facts, 'caution');
  return (
    <section class="details" aria-label="Explainer">
      {caution && <p class="caution"><Icon name="warning" />{caution}</p>}
      <Terms class="kv" of={termsOf(subject)} />
    </section>
  );
}
