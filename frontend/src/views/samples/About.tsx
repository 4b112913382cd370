import {useEffect} from 'preact/hooks';
import {Popover} from '../../ui/controls';
import {Icon} from '../../ui/icons';
import {wordsPart, type ColumnProps} from './column_props';

/** The words about a column; they are on their way while the panel opens. */
function Panel(props: ColumnProps) {
  const Words = wordsPart.now.value?.Panel;
  useEffect(wordsPart.need, []);
  return Words ? <Words {...props} /> : <div class="about b">{props.column.explainer.title}</div>;
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
