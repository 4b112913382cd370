import type {ReadonlySignal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import {columnAt, condense, heatPixels, placeOf, type HeatScale, type Lut} from './heat';

interface HeatStripProps {
  /** One value per record; NaN where there is none. */
  values: ArrayLike<number>;
  scale: HeatScale;
  lut: Lut;
  /** Index of the shown record; -1 before the first. */
  now: ReadonlySignal<number>;
  label: string;
  /** What stands beside the pointer over a record. */
  describe(index: number): string;
  onPick(index: number): void;
}

const COLUMNS = 512;

/** One row of colour per layer: a column per record, a line at the shown one. */
export function HeatStrip(props: HeatStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const {values, scale, lut} = props;
  useEffect(() => paint(canvas.current!, condense(values, COLUMNS), scale, lut), [
    values, scale.low, scale.high, lut,
  ]);
  const recordAt = (event: PointerEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return columnAt((event.clientX - box.left) / box.width, values.length);
  };
  // A click says where it was only in whole pixels, so the record under the pointer is kept.
  const hovered = useRef(0);
  const describe = (event: PointerEvent): void => {
    hovered.current = recordAt(event);
    (event.currentTarget as HTMLElement).title = props.describe(hovered.current);
  };
  return (
    <span
      class="heat" role="img" aria-label={props.label} onPointerMove={describe} onPointerDown={describe}
      onClick={() => props.onPick(hovered.current)}
    >
      <canvas ref={canvas} />
      <StripNow now={props.now} records={values.length} />
    </span>
  );
}

// Alone, so that scrubbing draws this line and not the strip.
function StripNow({now, records}: {now: ReadonlySignal<number>; records: number}) {
  if (now.value < 0 || records === 0) return null;
  return <b style={`left:${(100 * placeOf(now.value, records)).toFixed(2)}%`} />;
}

function paint(canvas: HTMLCanvasElement, values: Float32Array, scale: HeatScale, lut: Lut): void {
  canvas.width = Math.max(1, values.length);
  canvas.height = 1;
  const image = new ImageData(canvas.width, 1);
  new Uint32Array(image.data.buffer).set(heatPixels(values, scale, lut));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
