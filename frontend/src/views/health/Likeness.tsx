import {effect, useComputed, useSignal, type ReadonlySignal, type Signal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import type {RunData} from '../../api';
import {heatPixels} from '../../charts/heat';
import {lutOf, type Style} from '../../render/lut';
import {restedStep} from '../../store/rest';
import {isStatistics} from '../../store/runs';
import {table} from '../../store/tables';
import {Legend} from '../../ui/Legend';
import {MetricName} from '../../ui/MetricName';
import {caution} from '../layers/statistics';
import type {Card} from './cards';
import {useInSight} from './in_sight';
import {likenessAt, movedPair, pairAt, type LikenessNow, type Pair} from './likeness';

const SCALE = {low: 0, high: 1};
const STYLE: Style = {table: 'viridis', signed: false, veil: 'solid', threshold: 0, log: false};

const valueOf = ({layers, values}: LikenessNow, {row, col}: Pair): string => {
  const value = values[row * layers.length + col] ?? NaN;
  return Number.isNaN(value) ? 'no value' : value.toFixed(3).replace('-', '\u2212').replace(/^(\u2212?)0/, '$1');
};

function paint(canvas: HTMLCanvasElement, {layers, values}: LikenessNow): void {
  canvas.width = canvas.height = layers.length;
  const image = new ImageData(layers.length, layers.length);
  new Uint32Array(image.data.buffer).set(heatPixels(values, SCALE, lutOf(STYLE)));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

interface SquareProps {
  now: ReadonlySignal<LikenessNow | null>;
  pair: Signal<Pair>;
  size: number;
}

/** The square of all pairs; the pointer or the arrow keys choose one. */
function Square({now, pair, size}: SquareProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => effect(() => {
    if (now.value && canvas.current) paint(canvas.current, now.value);
  }), [now]);
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    pair.value = pairAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, size);
  };
  const onKey = (event: KeyboardEvent) => {
    const next = movedPair(pair.value, event.key, size);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    pair.value = next;
  };
  const {row, col} = pair.value;
  const place = {left: `${(100 * col) / size}%`, top: `${(100 * row) / size}%`, width: `${100 / size}%`, height: `${100 / size}%`};
  return (
    <div
      class="square" role="application" aria-label="Pairs of layers, by arrow keys" aria-describedby="likeness-pair" tabIndex={0}
      onPointerMove={point} onPointerDown={point} onKeyDown={onKey}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <i style={place} />
    </div>
  );
}

/** The chosen pair in words, and what colours mean. */
function Reading({now, pair}: {now: LikenessNow; pair: Pair}) {
  const [row, col] = [now.layers[pair.row], now.layers[pair.col]];
  const warning = caution('cka', now.samples);
  return (
    <div class="reading">
      <p id="likeness-pair" aria-live="polite"><span class="b">{valueOf(now, pair)}</span> <span class="cap">{row === col ? row : `${row} and ${col}`}</span></p>
      <Legend style={STYLE} ends={['0', '1']} clipped={false} title="1 where samples lie alike, up to a turn; near 0 where they lie otherwise" />
      <p class="cap">{warning ? <b class="b">{warning}.</b> : `${now.samples} samples.`} First layer on the left and on top.</p>
    </div>
  );
}

function Body({run}: {run: RunData}) {
  const now = useComputed(() => {
    const tag = run.tags.find(isStatistics);
    const loaded = tag && table(run, tag);
    return loaded?.status === 'ready' ? likenessAt(loaded.value, restedStep.value) : null;
  });
  const pair = useSignal<Pair>({row: 0, col: 1});
  const known = now.value;
  if (!known) return <p class="plot-none cap" />;
  const size = known.layers.length;
  const chosen = {row: Math.min(pair.value.row, size - 1), col: Math.min(pair.value.col, size - 1)};
  return (
    <div class="likeness">
      <Square now={now} pair={pair} size={size} />
      <Reading now={known} pair={chosen} />
    </div>
  );
}

/** How alike layers are to each other at the shown record. */
export function Likeness({card, run}: {card: Card; run: RunData}) {
  const {box, seen} = useInSight<HTMLElement>();
  return (
    <section class="card" aria-label={card.title} ref={box} data-card="likeness">
      <h3>
        <MetricName of={card} face={<><b class="b">{card.title}</b> <span class="cap">CKA</span></>} />
        <span class="cap clip1">this record</span>
      </h3>
      {seen ? <Body key={run.run} run={run} /> : <div class="plot-none" />}
    </section>
  );
}
