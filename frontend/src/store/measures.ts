// Figures of maps over time, a few names at a time.
import {getMeasures, type MapTag, type RunData} from '../api';
import {readArray} from '../block';
import {metricsOf} from './metrics';
import {lastNotAbove, tagSteps} from './steps';
import {resource, token, type Loaded} from './tables';

/** Figures of all maps of a tag over all its records. */
export interface Measures {
  steps: readonly number[];
  /** The figure of a map at the last record at or before a step; `null` where it is not defined. */
  at(name: string, step: number, map: number): number | null;
  /** The figure of a map at every record; between its turns, that of the last. */
  over(name: string, map: number): (number | null)[];
}

/** Figures as a block holds them; `everyOf` says of how many records one is measured. */
export function asMeasures({header, body}: Awaited<ReturnType<typeof getMeasures>>, everyOf: (name: string) => number = () => 1): Measures {
  const {steps, maps, arrays} = header;
  const values = new Map(arrays.map((entry) => [entry.name, readArray(body, entry)]));
  const read = (name: string, record: number, map: number) => {
    const isThere = record >= 0 && map >= 0 && map < maps;
    const value = isThere ? values.get(name)?.[record * maps + map] : undefined;
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const isMeasured = (name: string, record: number) => values.get(name)?.subarray(record * maps, (record + 1) * maps).some((value) => !Number.isNaN(value));
  const turnOf = (name: string, record: number) => {
    const every = everyOf(name);
    for (let turn = record; every > 1 && turn >= 0 && turn > record - every; turn--) if (isMeasured(name, turn)) return turn;
    return record;
  };
  return {
    steps,
    at: (name, step, map) => read(name, turnOf(name, lastNotAbove(steps, step)), map),
    over: (name, map) => steps.map((_, record) => read(name, turnOf(name, record), map)),
  };
}

/** Figures of a tag by name; subscribes the caller. */
export function measures(run: RunData, tag: MapTag, names: readonly string[]): Loaded<Measures> {
  const v = token(run, tagSteps(run, tag));
  const wanted = names.join();
  return resource(`measures\n${run.run}\n${tag.tag}\n${wanted}`, v, async () => asMeasures(await getMeasures(run.run, tag.tag, wanted, v), (name) => metricsOf(tag)[name]?.every ?? 1));
}
