import type {ComponentChildren} from 'preact';
import type {Reading} from '../store/metrics';
import css from './about.css?inline';
import {Popover} from './controls';
import {figure, grouped} from './format';
import {Icon} from './icons';
import {addStyle} from './style';
import {Terms, type Term} from './Terms';

addStyle(css);

const BETTER = {higher: 'Higher values', lower: 'Lower values'};

function rangeWords([least, most]: Reading['ends']): string {
  const [low, high] = [least, most].map((end) => (end === null ? null : figure(end)));
  if (low && high) return `${low} to ${high}`;
  return low ? `From ${low}` : high ? `Up to ${high}` : '';
}

function termsOf({better, ends, cost, every}: Reading): Term[] {
  return [
    ['Better', better ? BETTER[better] : ''],
    ['Range', rangeWords(ends)],
    ['Cost', cost],
    ['Measured', every > 1 ? `At the first record and then every ${grouped(every)}` : ''],
  ];
}

/** The name of a metric; a click tells how it is read and what it costs. */
export function MetricName({of, face}: {of: Reading; face?: ComponentChildren}) {
  const {title, about, paper} = of;
  return (
    <Popover label={`${title}: how to read it`} title={about} icon="info" class="metric-name" face={<><span class="clip1">{face ?? title}</span><Icon name="info" /></>}>
      <div class="about">
        <div class="row">
          <span class="b">{title}</span>
          {paper && <a class="go cap" href={paper} target="_blank" rel="noreferrer">paper</a>}
        </div>
        {about && <p>{about}</p>}
        <Terms of={termsOf(of)} />
      </div>
    </Popover>
  );
}
