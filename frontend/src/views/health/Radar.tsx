import {effect, useComputed} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import type {MapTag, RunData} from '../../api';
import {lutOf} from '../../render/lut';
import {paint} from '../../render/paint';
import {mapAt} from '../../store/maps';
import {className} from '../../store/predictions';
import {restedStep} from '../../store/rest';
import {cells} from '../../store/view';
import {styleOf} from '../../ui/Cell';
import {MetricName} from '../../ui/MetricName';
import {probability} from '../../ui/format';
import type {Card} from './cards';
import {goThere} from './go';
import {useInSight} from './in_sight';
import {densityOf, meanDensity, paintable, peakOf, placeWords, type Density, type Peak} from './radar';

interface Row {
  label: number;
  samples: number;
  mean: Density;
  peak: Peak;
}

const FEWEST = 2;
const MOST_ROWS = 12;
/** From this share on a bar stands out; maps of equal strength everywhere have a share of .06. */
const HIGH = 0.4;

/** Maps of each class, by index of the class. */
function mapsOfClasses(run: RunData, tag: MapTag): Map<number, number[]> {
  const maps = new Map<number, number[]>();
  const seen = new Set<number>();
  tag.columns.sample.forEach((sample, map) => {
    const label = sample === null ? null : (run.samples?.labels[sample] ?? null);
    // Of several maps of a sample, such as heads, the first stands for it.
    if (label === null || seen.has(sample!)) return;
    seen.add(sample!);
    maps.set(label, [...(maps.get(label) ?? []), map]);
  });
  return maps;
}

/** Where the maps of each class agree, the most concentrated first; `null` while maps are on their way. */
function rowsOf(run: RunData, tag: MapTag, step: number): Row[] | null {
  const classes = [...mapsOfClasses(run, tag)].filter(([, maps]) => maps.length >= FEWEST);
  const found = classes.map(([label, maps]) => ({label, maps: maps.map((map) => mapAt(run, tag, step, map))}));
  if (found.some(({maps}) => maps.some(({status}) => status === 'loading'))) return null;
  return found
    .flatMap(({label, maps}) => {
      const mean = meanDensity(maps.flatMap((at) => (at.status === 'ready' ? [densityOf(at.map)] : [])));
      return mean ? [{label, samples: maps.length, mean, peak: peakOf(mean)}] : [];
    })
    .sort((a, b) => b.peak.share - a.peak.share);
}

function MeanMap({mean, name}: {mean: Density; name: string}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => effect(() => {
    const map = paintable(mean);
    if (canvas.current) paint(canvas.current, map, lutOf(styleOf(false, true)), {top: map.scale, cells: cells.value});
  }), [mean]);
  return <span class="cell solid thumb" role="img" aria-label={`Mean map of ${name}`}><canvas ref={canvas} aria-hidden="true" /></span>;
}

function RadarRow({run, tag, row}: {run: RunData; tag: MapTag; row: Row}) {
  const name = className(run, row.label);
  const goal = {run: run.run, step: null, tag: tag.tag, sample: null, layer: null, class: row.label};
  return (
    <li title={`Mean of ${row.samples} samples`}>
      <MeanMap mean={row.mean} name={name} />
      <button type="button" class="clip1 go" title={`Samples of class ${name}`} onClick={() => goThere(goal)}>{name}</button>
      <span class={row.peak.share >= HIGH ? 'meter high' : 'meter'} style={{'--v': `${100 * row.peak.share}%`}}><i /></span>
      <span class="num">{probability(row.peak.share)}</span>
      <span class="cap clip1">{placeWords(row.peak)}</span>
    </li>
  );
}

function Rows({run, tag}: {run: RunData; tag: MapTag}) {
  const last = useRef<Row[]>([]);
  const rows = useComputed(() => rowsOf(run, tag, restedStep.value)).value;
  if (rows) last.current = rows;
  if (!last.current.length) return <p class="cap">{rows ? 'No class has two samples with evidence at this record.' : ''}</p>;
  return (
    <ul class="radar">
      {last.current.slice(0, MOST_ROWS).map((row) => <RadarRow key={row.label} run={run} tag={tag} row={row} />)}
    </ul>
  );
}

/** Per class, how much of its mean map sits at one place. */
export function Radar({card, run, tag}: {card: Card; run: RunData; tag: MapTag}) {
  const {box, seen} = useInSight<HTMLElement>();
  return (
    <section class="card wide" aria-label={card.title} ref={box} data-card="radar">
      <h3>
        <MetricName of={card} face={<><b class="b">{card.title}</b> <span class="cap">how much of a class’s mean map sits at one place; a fact, not an alarm</span></>} />
        <span class="cap clip1">{tag.facts.title}, this record</span>
      </h3>
      {seen ? <Rows key={`${run.run} ${tag.tag}`} run={run} tag={tag} /> : <div class="plot-none" />}
    </section>
  );
}
