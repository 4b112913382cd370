// The values of a chart: curves of a run over its own records.
import type {MapTag, RunData, StatisticsFacts} from '../../api';
import {meanOf} from '../../measures/mean';
import {isDerived, recordedMetrics} from '../../store/derived';
import {measures, type Measures} from '../../store/measures';
import {metricsOf} from '../../store/metrics';
import {predictionsOf, type Predictions} from '../../store/predictions';
import {isStatistics} from '../../store/runs';
import {table, type Loaded, type Table} from '../../store/tables';
import type {Card} from './cards';
import {matchingTag} from './cards';

export type Values = readonly (number | null)[];

/** One line: values over steps of its run. */
export interface Curve {
  run: RunData;
  /** What the line is of beside its run: a layer; empty for the whole. */
  name: string;
  steps: readonly number[];
  values: Values;
}

/** What the curves are of. */
export interface Subject {
  tag: MapTag | null;
  layer: string | null;
}

const NONE: Loaded<Curve[]> = {status: 'ready', value: []};

function then<T, R>(loaded: Loaded<T>, use: (value: T) => R): Loaded<R> {
  return loaded.status === 'ready' ? {status: 'ready', value: use(loaded.value)} : loaded;
}

const remembered = new WeakMap<object, Map<string, unknown>>();

/** Computes something from an owner once, by name. */
function remember<T>(owner: object, name: string, compute: () => T): T {
  const own = remembered.get(owner) ?? new Map<string, unknown>();
  remembered.set(owner, own);
  if (!own.has(name)) own.set(name, compute());
  return own.get(name) as T;
}

/** A metric of the maps of a tag, with all others that are recorded: in one answer for all charts. */
export function metricsAt(run: RunData, tag: MapTag, name: string): Loaded<Measures> {
  return measures(run, tag, isDerived(name) ? [name] : recordedMetrics(tag));
}

/** Means over maps, per record. */
function meansOver(known: Measures, name: string, maps: number): Values {
  const rows = Array.from({length: maps}, (_, map) => known.over(name, map));
  return known.steps.map((_, record) => meanOf(rows.map((row) => row[record])));
}

function metricCurves({name}: Card, run: RunData, {tag: wanted}: Subject): Loaded<Curve[]> {
  const tag = wanted && matchingTag(run, wanted);
  if (!tag || !(name in metricsOf(tag))) return NONE;
  return then(metricsAt(run, tag, name), (known) => {
    const values = remember(known, name, () => meansOver(known, name, tag.columns.sample.length));
    return [{run, name: '', steps: known.steps, values}];
  });
}

/** Numbers of samples that are wrong, or were right before and are wrong now, per record. */
export function countSamples(histories: readonly (readonly {correct: boolean | null}[])[], kind: string, records: number): Values {
  const counts = Array.from({length: records}, () => 0);
  for (const history of histories) {
    let known = false;
    history.forEach(({correct}, record) => {
      if (correct === true) known = true;
      if (correct === false && (kind === 'wrong' || known)) counts[record]! += 1;
    });
  }
  return counts;
}

/** Means over samples of what is known of each at a record, per record. */
const meansOfSamples = (known: Predictions, of: (record: number, sample: number) => number | null): Values =>
  known.steps.map((_, record) => meanOf(Array.from({length: known.samples}, (_unused, sample) => of(record, sample))));

function flipped(known: Predictions, record: number, sample: number): number | null {
  const [before, now] = [known.history(sample)[record - 1]?.predicted ?? null, known.history(sample)[record]!.predicted];
  return before === null || now === null ? null : Number(before !== now);
}

const MEANS: Readonly<Record<string, (known: Predictions, record: number, sample: number) => number | null>> = {
  confidence: (known, record, sample) => known.history(sample)[record]!.probability,
  margin: (known, record, sample) => known.margin(record, sample),
  flips: flipped,
};

/** Figures of all samples, per record. */
export function overSamples(known: Predictions, name: string): Values {
  const mean = MEANS[name];
  return mean ? meansOfSamples(known, (record, sample) => mean(known, record, sample)) : countOver(known, name);
}

function countOver(known: Predictions, kind: string): Values {
  const histories = Array.from({length: known.samples}, (_, sample) => known.history(sample));
  return countSamples(histories, kind, known.steps.length);
}

function sampleCurves({name}: Card, run: RunData): Loaded<Curve[]> {
  const loaded = predictionsOf(run);
  if (!loaded) return NONE;
  return then(loaded, (known) => [
    {run, name: '', steps: known.steps, values: remember(known, name, () => overSamples(known, name))},
  ]);
}

type Statistics = Table<StatisticsFacts>;

function columnOf(known: Statistics, name: string, column: number, channels: number | null): Values {
  const values = known.arrays[name]?.values;
  const layers = known.facts.layers.length;
  return known.steps.map((_, record) => {
    const value = values?.[record * layers + column];
    if (value === undefined || !Number.isFinite(value)) return null;
    return name === 'dead' && channels ? value / channels : value;
  });
}

/** Channels of a layer, by which its dead ones are divided. */
function channelsIn(run: RunData, path: string): number | null {
  const {structure} = run;
  const place = structure?.path.indexOf(path) ?? -1;
  return structure?.shape[place]?.at(-1) ?? null;
}

interface OfLayers {
  layers: {layer: string; values: Values}[];
  mean: Values;
}

/** The figure of all layers that have it, and its mean. */
function ofLayers(run: RunData, known: Statistics, name: string): OfLayers {
  const layers = known.facts.layers
    .map((layer, column) => ({layer, values: columnOf(known, name, column, channelsIn(run, layer))}))
    .filter(({values}) => values.some((value) => value !== null));
  return {layers, mean: known.steps.map((_, record) => meanOf(layers.map(({values}) => values[record])))};
}

function layerCurves({name}: Card, run: RunData, {layer: wanted}: Subject): Loaded<Curve[]> {
  const tag = run.tags.find(isStatistics);
  if (!tag) return NONE;
  return then(table(run, tag), (known) => {
    const {layers, mean} = remember(known, name, () => ofLayers(run, known, name));
    const curve = (of: string, values: Values): Curve => ({run, name: of, steps: known.steps, values});
    if (wanted !== null) return layers.filter(({layer}) => layer === wanted).map(({values}) => curve('', values));
    return layers.length ? [...layers.map(({layer, values}) => curve(layer, values)), curve('', mean)] : [];
  });
}

function logCurves({name}: Card, run: RunData): Loaded<Curve[]> {
  const values = run.progress.logs[name];
  return values ? {status: 'ready', value: [{run, name: '', steps: run.steps, values}]} : NONE;
}

/** The curves of a run in a chart; subscribes the caller. */
export function curvesOf(card: Card, run: RunData, subject: Subject): Loaded<Curve[]> {
  if (card.kind === 'map') return metricCurves(card, run, subject);
  if (card.kind === 'sample') return sampleCurves(card, run);
  if (card.kind === 'layer') return layerCurves(card, run, subject);
  return logCurves(card, run);
}
