import {gradient, paintOf, type Style} from '../render/lut';
import {outlines} from './outlines';

interface LegendProps {
  style: Style;
  /** Texts below the ramp, from its low to its high end. */
  ends: readonly string[];
  /** Whether values beyond the ends exist and take the colour of the end. */
  clipped?: boolean;
  title?: string;
  /** The lowest and the highest value of full colour; where they are known, the level of outlines is marked. */
  tops?: readonly [number, number] | undefined;
}

const css = (style: Style, value: number) => `rgb(${paintOf(value, style).colour.map(Math.round).join(' ')})`;

/** The bar of a scale: drawn as the overlay paints it, with its ends and its clip marks. */
export function Legend({style, ends, clipped = false, title, tops}: LegendProps) {
  const kind = clipped ? (style.signed ? 'legend clip both' : 'legend clip') : 'legend';
  const Level = outlines.value?.LegendLevel;
  const variables = {'--map': gradient(style), '--lo': css(style, -1), '--hi': css(style, 1)};
  return (
    <span class={kind} style={variables} title={title}>
      <span class="ramp" />
      <span class="ends">
        {ends.map((end, i) => (
          <span key={i}>{end}</span>
        ))}
      </span>
      {tops && Level && <Level style={style} tops={tops} />}
    </span>
  );
}
