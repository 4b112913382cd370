import {costOf, costWords} from '../../store/cost';
import {textFact} from '../../records/facts';
import {recordedEvery} from '../../store/steps';
import {stepText} from '../../store/time';
import type {RunData} from '../../api';
import {Popover} from '../../ui/controls';
import {Icon} from '../../ui/icons';
import {attentionWords, layerName, unitOf} from './attention_words';
import {samplesMeant, type ColumnProps} from './ColumnHead';
import {endsOf, flipWords, scaleWords} from './legend_words';
import type {Column} from './Row';

function mapWords({tag}: Column): string {
  const {native, shape} = tag.facts;
  const stored = native[0] > shape[0] ? `, stored as ${shape[0]} × ${shape[1]}` : '';
  return `${native.join(' × ')}${stored}`;
}

function layerWords({tag}: Column): string {
  const reason = textFact(tag.facts, 'reason');
  return `${layerName(tag)}${reason ? ` (${reason})` : ''}`;
}

function settingsWords({tag}: Column): string {
  const settings = Object.entries(tag.facts.settings).filter(([name]) => name !== 'layer');
  return settings.map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ');
}

function intervalWords(run: RunData, {tag}: Column): string {
  const every = recordedEvery(run, tag);
  return every === null ? '' : `every ${stepText(every)} ${run.axis === 'batch' ? 'steps' : 'epochs'}`;
}

/** Rows of name and words; those without words are left out. */
function facts({run, column, visible, known}: ColumnProps): [string, string][] {
  const {tag} = column;
  const samples = samplesMeant(visible);
  const found = endsOf(run, column, samples);
  const shows = tag.kind === 'attention' ? attentionWords(tag) : '';
  const unit = unitOf(tag);
  const rows: [string, string][] = [
    ['Shows', shows],
    ['Layer', layerWords(column)],
    ['Target', tag.facts.target ?? ''],
    ['Settings', settingsWords(column)],
    ['Map', mapWords(column)],
    ['Unit', unit && tag.kind === 'attention' ? `${unit}, 0 to 1` : unit],
    ['Colours', found ? scaleWords(run, column, samples, found.text) : ''],
    ['Class', flipWords(run, column, samples, known)],
    ['Cost', costWords(costOf(run, tag))],
    ['Recorded', intervalWords(run, column)],
    ['Note', textFact(tag.facts, 'note') ?? ''],
  ];
  return rows.filter(([, words]) => words);
}

function Panel(props: ColumnProps) {
  const {title, paper, caution} = props.column.explainer;
  return (
    <div class="about">
      <div class="row">
        <span class="b">{title}</span>
        {paper && <a class="go cap" href={paper} target="_blank" rel="noreferrer">paper</a>}
      </div>
      {caution && <p class="caution"><Icon name="warning" />{caution}</p>}
      <dl>
        {facts(props).map(([name, words]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** A title with its icon, which never stands alone on a line. */
function Name({title, warned}: {title: string; warned: boolean}) {
  const words = title.split(' ');
  const last = words.pop();
  return (
    <span class="nm">
      {warned && <Icon name="warning" />}
      {words.map((word) => `${word} `)}
      <span class="nowrap">{last}{!warned && <Icon name="info" />}</span>
    </span>
  );
}

/** The name of a column; a click tells what its maps are, what they cost, and what speaks against them. */
export function About(props: ColumnProps & {isLate: boolean}) {
  const {column, isLate} = props;
  const {title, caution} = column.explainer;
  const classes = `of-column${isLate ? ' end' : ''}${caution ? ' warned' : ''}`;
  return (
    <Popover label={caution ? `${title}: caution` : `${title}: details`} title={caution ?? `About ${title}`} icon="info" class={classes} face={<Name title={title} warned={caution !== null} />}>
      <Panel {...props} />
    </Popover>
  );
}
