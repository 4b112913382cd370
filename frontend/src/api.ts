import {decodeBlock, type ArrayEntry, type Block} from './block';
import type {FindingEntry, MapsHeader, ProgressHeader, SamplesHeader, StructureHeader} from './records/headers';

export interface Status {
  change: number;
  now: number;
  logdir: string;
  /** How many runs the server has found but not read yet; those written last come first. */
  unread?: number;
  problem: string | null;
}

export interface RunEntry {
  run: string;
  /** Changes when the set of files of the run changes. */
  version: string;
  steps: number;
  first_step: number | null;
  last_step: number | null;
  last_time: number | null;
  /** Whether the writer of its newest file was closed. */
  finished?: boolean;
  problem: string | null;
}

export interface RunList extends Status {
  runs: RunEntry[];
}

export type MapKind = MapsHeader['kind'];
type PerRecord = 'version' | 'epoch' | 'fit' | 'batch' | 'wall_time' | 'columns' | 'figures' | 'statistics';
/** What all maps of a record share: explainer, layer, target, how they are stored. */
export type MapFacts = Omit<MapsHeader, PerRecord>;

export interface PredictionFacts {
  kind: 'prediction';
  task: 'multiclass' | 'binary' | 'multilabel' | 'regression' | 'segmentation';
  classes: number | null;
  output: string | null;
  targets: string[];
}

export interface StatisticsFacts {
  kind: 'statistics';
  layers: string[];
  /** Layers whose likeness to each other is recorded. */
  compared?: string[];
  /** Number of samples that CKA compares. */
  samples?: number;
}

interface TagBase {
  tag: string;
  /** Pairs of first index and count into the steps of the run. */
  ranges: [number, number][];
}

export interface MapTag extends TagBase {
  kind: MapKind;
  facts: MapFacts;
  columns: {
    sample: (number | null)[];
    channel: (number | null)[];
    target: (number | null)[];
    /** Token from which a map of attention looks: -1 is the class token, `null` the mean over all. */
    query?: (number | null)[];
  };
}

export interface PredictionTag extends TagBase {
  kind: 'prediction';
  facts: PredictionFacts;
  arrays?: ArrayEntry[];
}

export interface StatisticsTag extends TagBase {
  kind: 'statistics';
  facts: StatisticsFacts;
  arrays?: ArrayEntry[];
}

export type TagEntry = MapTag | PredictionTag | StatisticsTag;

/** A finding that begins to hold at a step, or ends. */
export type FindingChange = {step: number} & FindingEntry;

export interface Progress {
  epoch: (number | null)[];
  fit: number[];
  batch: number[];
  wall_time: number[];
  logs: Record<string, (number | null)[]>;
  seconds: Record<string, (number | null)[]>;
  failures: {step: number; tag: string; reason: string}[];
  notes: {step: number; text: string}[];
  /** What begins or ends to deserve a look, in the order of the steps. */
  findings: FindingChange[];
  versions: Partial<ProgressHeader['versions']>;
}

export interface RunData {
  run: string;
  version: string;
  axis: 'epoch' | 'batch';
  steps: number[];
  progress: Progress;
  tags: TagEntry[];
  structure: StructureHeader | null;
  samples: SamplesHeader | null;
  problem?: string | null;
}

export interface PictureEntry {
  sample: number;
  mime: string;
  offset: number;
  bytes: number;
}

export interface PicturesHeader {
  pictures: PictureEntry[];
  masks: PictureEntry[];
}

export interface TableBlock<Facts> {
  steps: number[];
  arrays: ArrayEntry[];
  facts: Facts;
  left_out: number[];
}

export interface BlockStep {
  step: number;
  /** Index into the facts of the block; `null` where the record could not be read. */
  facts: number | null;
  offset: number;
  map_bytes: number;
  columns: {
    sample?: (number | null)[];
    channel?: (number | null)[];
    target?: (number | null)[];
    score?: (number | null)[];
    not_finite?: number[];
  };
  figures: Record<string, (number | null)[]>;
  problem: string | null;
}

export interface MapsHead {
  run: string;
  tag: string;
  facts: MapFacts[];
  steps: BlockStep[];
}

export interface ExtentsHead {
  /** How many records there are. */
  records: number;
  /** How many of them the answer is made of. */
  read: number;
  /** Steps whose record could not be read. */
  left_out: number[];
  /** `scale` and `p99`, one entry per map. */
  arrays: ArrayEntry[];
}

export interface Figures {
  steps: number[];
  columns: {channel: (number | null)[]};
  /** Per figure and step, one entry per map. */
  figures: Record<string, ((number | null)[] | null)[]>;
  /** Per figure, one entry per step. */
  statistics: Record<string, (number | null)[]>;
}

/** An answer of the server that is not 2xx; the message is its sentence. */
export class AnswerError extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

let root = '';
/** The first answer of `api/runs` while nobody has taken it. */
let early: Promise<Response> | null = null;

/** Sets the address of the entry module, from which all others are built, and what it asked for. */
export function serveFrom(entry: string, runs: Promise<Response>): void {
  root = new URL('api/', entry).href;
  early = runs;
}

type Query = Record<string, string | number | undefined>;

async function get(route: string, query: Query, signal?: AbortSignal): Promise<Response> {
  const url = new URL(route, root);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  return checked(await fetch(url, signal ? {signal} : {}));
}

async function checked(response: Response): Promise<Response> {
  if (!response.ok) throw new AnswerError(response.status, (await response.text()).slice(0, 500));
  return response;
}

export interface Asked {
  route: string;
  query: Record<string, string>;
  done(answer: ArrayBuffer | Promise<ArrayBuffer>): void;
}

/** So many requests of one turn travel apart, in the order in which they are wanted; more go together. */
const APART = 4;
let gathered: Asked[] = [];

async function alone({route, query}: Omit<Asked, 'done'>): Promise<ArrayBuffer> {
  return (await get(route, query)).arrayBuffer();
}

/** Asks for something that may travel together with what else is asked for in the same turn. */
function ask(route: string, query: Record<string, string>): Promise<ArrayBuffer> {
  return new Promise((done) => {
    if (gathered.push({route, query, done}) === 1) queueMicrotask(send);
  });
}

function send(): void {
  const all = gathered;
  gathered = [];
  if (all.length <= APART) for (const one of all) one.done(alone(one));
  else void import('./many').then(({askTogether}) => askTogether(all, {get, alone}), () => all.forEach((one) => one.done(alone(one))));
}

async function getJson<T>(route: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await get(route, query, signal)).json() as Promise<T>;
}

async function getBlock<T>(route: string, query: Query, signal?: AbortSignal): Promise<Block<T>> {
  return decodeBlock<T>(await (await get(route, query, signal)).arrayBuffer());
}

export const getStatus = (signal?: AbortSignal) => getJson<Status>('status', {}, signal);
export async function getRuns(): Promise<RunList> {
  const first = early;
  early = null;
  const response = first ? await checked(await first) : await get('runs', {});
  return response.json() as Promise<RunList>;
}
export const getRun = async (run: string): Promise<RunData> =>
  JSON.parse(new TextDecoder().decode(await ask('run', {run}))) as RunData;
export const getPictures = (run: string, v: string, signal?: AbortSignal) =>
  getBlock<PicturesHeader>('pictures', {run, v}, signal);
export const getTable = async <Facts>(run: string, tag: string, v: string) =>
  decodeBlock<TableBlock<Facts>>(await ask('table', {run, tag, v}));
export const getFigures = (run: string, tag: string, v: string, signal?: AbortSignal) =>
  getJson<Figures>('figures', {run, tag, v}, signal);

/** `quick` asks for what the server knows already, or for a first estimate. */
export const getExtents = (run: string, tag: string, v: string, quick: boolean) =>
  getBlock<ExtentsHead>('extents', {run, tag, v, quick: quick ? 1 : undefined});

/** A file with the values of maps; `choice` is a JSON list of `{run, tag, step, maps}`. */
export const getValues = async (choice: string, format: 'npz' | 'csv'): Promise<Blob> =>
  (await get('values', {choice, format})).blob();

export interface MapsQuery {
  run: string;
  tag: string;
  /** Steps as `0-39` (first to last, inclusive) or `3,5`. */
  steps: string;
  /** Maps as `all`, `0-15` or `0,3`. */
  maps: string;
  pool?: number | undefined;
  v: string;
}

export const getMaps = (query: MapsQuery, signal?: AbortSignal) =>
  getBlock<MapsHead>('block', {...query}, signal);

export interface MeasuresHead {
  steps: number[];
  maps: number;
  arrays: ArrayEntry[];
  left_out: number[];
}

export const getMeasures = async (run: string, tag: string, names: string, v: string) =>
  decodeBlock<MeasuresHead>(await ask('measures', {run, tag, names, v}));
