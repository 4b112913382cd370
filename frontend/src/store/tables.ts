import {signal, type Signal} from '@preact/signals';
import {
  getFigures, getPictures, getTable,
  type Figures, type MapTag, type PictureEntry, type PredictionTag, type RunData, type StatisticsTag, type TableBlock,
} from '../api';
import {readArray, type Block, type Numbers} from '../block';
import {releaseLater} from '../render/addresses';
import {tagSteps} from './steps';

export type Loaded<T> =
  | {status: 'loading'}
  | {status: 'error'; reason: string; retry: () => void}
  | {status: 'ready'; value: T};

/** All records of a table tag. */
export interface Table<Facts> {
  steps: number[];
  facts: Facts;
  /** By name; the first axis of every array is the record. */
  arrays: Record<string, {values: Numbers; shape: number[]}>;
  /** Steps whose record has other sizes than the newest and is left out. */
  leftOut: number[];
}

/** Object URLs by sample, each made when it is asked for: a view shows some of many. */
export class Addresses {
  private readonly made = new Map<number, string>();
  private readonly entries: ReadonlyMap<number, PictureEntry>;

  constructor(entries: readonly PictureEntry[], private readonly body: Uint8Array<ArrayBuffer>) {
    this.entries = new Map(entries.map((entry) => [entry.sample, entry]));
  }

  get(sample: number): string | undefined {
    const entry = this.entries.get(sample);
    if (entry && !this.made.has(sample)) {
      const {mime, offset, bytes} = entry;
      const blob = new Blob([this.body.subarray(offset, offset + bytes)], {type: mime});
      this.made.set(sample, URL.createObjectURL(blob));
    }
    return this.made.get(sample);
  }

  /** Frees what was made, once the page shows other pictures. */
  release(): void {
    releaseLater(this.made.values());
  }
}

/** Pictures and masks of the samples. */
export interface Pictures {
  pictures: Addresses;
  masks: Addresses;
}

const LOADING = {status: 'loading'} as const;
const resources = new Map<string, {token: string; state: Signal<Loaded<unknown>>}>();

/**
 * Reads something that is loaded once per `token`.
 *
 * While a newer state is on its way, the last good one stays.
 */
export function resource<T>(key: string, token: string, load: () => Promise<T>): Loaded<T> {
  let entry = resources.get(key);
  if (!entry || entry.token !== token) {
    entry = {token, state: entry?.state ?? signal<Loaded<unknown>>(LOADING)};
    resources.set(key, entry);
    void fill(key, entry, load);
  }
  return entry.state.value as Loaded<T>;
}

async function fill<T>(
  key: string,
  entry: {token: string; state: Signal<Loaded<unknown>>},
  load: () => Promise<T>,
): Promise<void> {
  try {
    const value = await load();
    if (resources.get(key) === entry) entry.state.value = {status: 'ready', value};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const retry = () => {
      entry.state.value = LOADING;
      void fill(key, entry, load);
    };
    if (resources.get(key) === entry && entry.state.peek().status !== 'ready') {
      entry.state.value = {status: 'error', reason, retry};
    }
  }
}

export function token(run: RunData, steps: readonly number[]): string {
  return `${run.version}.${steps.length}.${steps.at(-1) ?? ''}`;
}

function asTable<Facts>({header, body}: Block<TableBlock<Facts>>): Table<Facts> {
  const arrays = header.arrays.map(
    (entry) => [entry.name, {values: readArray(body, entry), shape: entry.shape}] as const,
  );
  const {steps, facts, left_out: leftOut} = header;
  return {steps, facts, leftOut, arrays: Object.fromEntries(arrays)};
}

/** All records of a table tag; subscribes the caller. */
export function table<Tag extends PredictionTag | StatisticsTag>(
  run: RunData,
  tag: Tag,
): Loaded<Table<Tag['facts']>> {
  const v = token(run, tagSteps(run, tag));
  return resource(`table\n${run.run}\n${tag.tag}`, v, async () =>
    asTable(await getTable<Tag['facts']>(run.run, tag.tag, v)),
  );
}

/** Figures and statistics of a map tag over all steps; subscribes the caller. */
export function figures(run: RunData, tag: MapTag): Loaded<Figures> {
  const v = token(run, tagSteps(run, tag));
  return resource(`figures\n${run.run}\n${tag.tag}`, v, () => getFigures(run.run, tag.tag, v));
}

/** Pictures of a run's samples; subscribes the caller. */
export function pictures(run: RunData): Loaded<Pictures> {
  const key = `pictures\n${run.run}`;
  return resource(key, run.version, async () => {
    const {header, body} = await getPictures(run.run, run.version);
    const before = resources.get(key)?.state.peek() as Loaded<Pictures> | undefined;
    if (before?.status === 'ready') {
      before.value.pictures.release();
      before.value.masks.release();
    }
    return {pictures: new Addresses(header.pictures, body), masks: new Addresses(header.masks, body)};
  });
}
