import {className} from '../../store/predictions';
import {runColour} from '../../store/runs';
import {massTag, stateWords} from '../../store/states';
import {nearest} from '../../store/steps';
import {stepName, stepText} from '../../store/time';
import {figure, probability} from '../../ui/format';
import {addStyle} from '../../ui/style';
import css from './hover.css?inline';
import {hovered, type HoverProps, type Line} from './hover';

addStyle(css);

/** Value of another line at the same place of the axis. */
function valueOf({xs, ys}: Line, place: number): number | null {
  return ys[nearest(xs, place)] ?? null;
}

function statusOf({run, known, sample, all}: HoverProps, record: number): string {
  const state = all.find(({from, to}) => from <= record && record <= to);
  const {predicted} = known.outcome(record, sample);
  const words = state ? stateWords(state, massTag(run) !== null) : '';
  return [predicted === null ? '' : className(run, predicted), words].filter(Boolean).join(': ');
}

/** The record under the cursor: its line, and the values of all curves there. */
export function TimelineHover(props: HoverProps) {
  const {sample, known, lines, places, range} = props;
  const now = hovered.value;
  if (now?.sample !== sample || now.record < 0) return null;
  const place = places[now.record]!;
  const share = (place - range[0]) / (range[1] - range[0]);
  const values = lines.toReversed().map((line) => ({run: line.run, value: valueOf(line, place)}));
  return (
    <>
      <i class="at" style={{left: `${share * 100}%`}} />
      <div class="said" style={{'--at': `${share * 100}%`}} aria-hidden="true">
        <span class="b">{stepName.value} {stepText(known.steps[now.record]!)}</span>
        {values.map(({run, value}) => value !== null && <span key={run}><i style={{background: runColour(run)}} />{known.hasProbability ? probability(value) : figure(value)}</span>)}
        <span class="what">{statusOf(props, now.record)}</span>
      </div>
    </>
  );
}
