import type {ReadonlySignal} from '@preact/signals';
import {sparkPath, sparkPlace} from './sparkline';

interface SparklineProps {
  values: readonly (number | null)[];
  /** Value at the upper edge; sparklines that are compared share it. */
  top: number;
  /** Index of the shown record; -1 before the first. */
  now: ReadonlySignal<number>;
  color: string;
}

/** A line without axes beside a number that says what it ends at; hidden from screen readers. */
export function Sparkline({values, top, now, color}: SparklineProps) {
  return (
    <span class="spark" aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none">
        <path d={sparkPath(values, top)} style={`stroke:var(${color})`} />
      </svg>
      <Now values={values} top={top} now={now} />
    </span>
  );
}

// Alone, so that scrubbing moves this dot and leaves the line.
function Now({values, top, now}: Omit<SparklineProps, 'color'>) {
  const place = sparkPlace(values, top, now.value);
  return place && <i style={`left:${place.x.toFixed(1)}%;top:${place.y.toFixed(1)}%`} />;
}
