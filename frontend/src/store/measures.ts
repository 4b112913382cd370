// Figures of maps over time, a few names at a time.
import {getMeasures, type MapTag, type RunData} from '../api';
import {readArray} from '../block';
import {lastNotAbove, tagSteps} from './steps';
import {resource, token, type Loaded} from './tables';

/** Figures of all maps of a tag over all its records. */
export interface Measures {
  steps: readonly number[];
  /** The figure of a map at the last record at or before a step; `null` where it is not defined. */
  at(name: string, step: number, map: number): number | null;
  /** The figure of a map at every record. */
  over(name: string, map: number): (number | null)[];
}

/** Figures as a block holds them. */
export function asMeasures({header, body}: Awaited<ReturnType<typeof getMeasures>>): Measures {
  const {steps, maps, arrays} = header;
  const values = new Map(arrays.map((entry) => [entry.name, readArray(body, entry)]));
  const read = (name: string, record: number, map: number) => {
    const isThere = record >= 0 && map >= 0 && map < maps;
    const value = isThere ? values.get(name)?.[record * maps + map] : undefined;
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  return {
    steps,
    at: (name, step, map) => read(name, lastNotAbove(steps, step), map),
    over: (name, map) => steps.map((_, record) => read(name, record, map)),
  };
}

/** Figures of a tag by name; subscribes the caller. */
export function measures(run: RunData, tag: MapTag, names: readonly string[]): Loaded<Measures> {
  const v = token(run, tagSteps(run, tag));
  const wanted = names.join();
  return resource(`measures\n${run.run}\n${tag.tag}\n${wanted}`, v, async () => asMeasures(await getMeasures(run.run, tag.tag, wanted, v)));
}
