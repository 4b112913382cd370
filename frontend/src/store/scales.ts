import {batch, signal, type Signal} from '@preact/signals';
import {getMaps, type MapTag, type RunData} from '../api';
import {mapBytes, readMap} from '../records/maps';
import {join, NO_EXTENT, type Extent} from '../render/scale';
import {GROUP, planOf, rangesText} from './plan';

/** The coarsest level: next to nothing but scale and p99 of every map. */
const COARSEST = 64;
/** What the server may read for one group; beyond that, evenly spread steps stand in. */
const READ_BUDGET = 64 * 2 ** 20;
const MOST_STEPS = 64;
/** Milliseconds after which a failed request is made again, if a cell still asks. */
const PAUSE = 10_000;

interface Group {
  seen: Set<number>;
  /** The list of steps for which the extents were last asked for. */
  asked: readonly number[];
  extents: Signal<readonly Extent[] | null>;
  busy: boolean;
}

const groups = new Map<string, Group>();

/**
 * Steps from which the extent of a group is found: all of a short run, of a long one every 2nd, 4th,
 * ... and the last, so that a growing run asks only for what is new.
 */
export function probeSteps(steps: readonly number[], bytesPerStep: number): readonly number[] {
  const most = Math.max(8, Math.min(MOST_STEPS, Math.floor(READ_BUDGET / bytesPerStep)));
  if (steps.length <= most) return steps;
  const stride = 2 ** Math.ceil(Math.log2(steps.length / most));
  return steps.filter((_, i) => i % stride === 0 || i === steps.length - 1);
}

/** Steps as the server takes them, neighbours as a range. */
export function spanText(wanted: readonly number[], all: readonly number[]): string {
  const places = new Map(all.map((step, i) => [step, i]));
  const spans: [number, number][] = [];
  let last = -2;
  for (const step of wanted) {
    const place = places.get(step) ?? -2;
    if (place === last + 1 && spans.length) spans.at(-1)![1] = step;
    else spans.push([step, step]);
    last = place;
  }
  return spans.map(([first, end]) => (first === end ? first : `${first}-${end}`)).join();
}

function groupOf(run: RunData, tag: MapTag, index: number): Group {
  const key = [run.run, run.version, tag.tag, index].join('\n');
  let group = groups.get(key);
  if (!group) {
    group = {seen: new Set(), asked: [], extents: signal<readonly Extent[] | null>(null), busy: false};
    groups.set(key, group);
  }
  return group;
}

async function extend(run: RunData, tag: MapTag, index: number, group: Group): Promise<void> {
  const {steps, groups} = planOf(run, tag);
  if (group.busy || group.asked === steps) return;
  group.asked = steps;
  const missing = probeSteps(steps, GROUP * mapBytes(tag.facts)).filter((step) => !group.seen.has(step));
  if (!missing.length) return;
  group.busy = true;
  const maps = rangesText(groups[index]!);
  const query = {run: run.run, tag: tag.tag, v: run.version, pool: COARSEST};
  const found = [...(group.extents.peek() ?? [])];
  try {
    collect(await getMaps({...query, steps: spanText(missing, steps), maps}), found);
  } catch {
    // Until then cells take the scale of their own map.
    missing.length = 0;
    setTimeout(() => askAgain(group), PAUSE);
  }
  batch(() => {
    missing.forEach((step) => group.seen.add(step));
    group.extents.value = found;
    group.busy = false;
  });
}

function askAgain(group: Group): void {
  group.asked = [];
  group.extents.value = [...(group.extents.peek() ?? [])];
}

function collect({header, body}: Awaited<ReturnType<typeof getMaps>>, found: Extent[]): void {
  for (const {facts, offset, map_bytes: size, columns} of header.steps) {
    const coding = facts === null ? undefined : header.facts[facts];
    if (!coding) continue;
    columns.sample?.forEach((_, i) => {
      const {p99, scale: maximum} = readMap(coding, body, offset + i * size);
      found[i] = join(found[i] ?? NO_EXTENT, {p99, maximum});
    });
  }
}

/**
 * Largest p99 and |value| of a map over all steps; `null` while that is on its way.
 *
 * Subscribes the caller.
 */
export function sharedExtent(run: RunData, tag: MapTag, map: number): Extent | null {
  const place = planOf(run, tag).places[map];
  if (!place) return NO_EXTENT;
  const group = groupOf(run, tag, place.group);
  void extend(run, tag, place.group, group);
  const extents = group.extents.value;
  return extents && (extents[place.at] ?? NO_EXTENT);
}

/** Whether the extents of a tag come from evenly spread steps instead of all. */
export function isEstimated(run: RunData, tag: MapTag): boolean {
  const {steps} = planOf(run, tag);
  return probeSteps(steps, GROUP * mapBytes(tag.facts)).length < steps.length;
}
