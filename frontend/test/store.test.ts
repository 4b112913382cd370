import {expect, test} from 'vitest';
import type {RunData} from '../src/api';
import {explainersOf} from '../src/store/explainers';
import {applyLink, flag, linked, linkState, names, number, oneOf, optional, text} from '../src/store/link';
import {Lru} from '../src/store/lru';
import {Queue} from '../src/store/queue';
import {runLabels} from '../src/store/runs';
import {probeSteps, spanText} from '../src/store/probe';
import {gaps, lastNotAbove, nearest} from '../src/store/steps';
import {topOf} from '../src/render/scale';

test('the least recently used values are forgotten first', () => {
  const lru = new Lru<string>(10);
  lru.set('a', 'A', 4);
  lru.set('b', 'B', 4);
  lru.get('a');
  lru.set('c', 'C', 4);
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual(['A', undefined, 'C']);
  expect(lru.bytes).toBe(8);
});

test('a value may grow, and one that is larger than the budget stays alone', () => {
  const lru = new Lru<string>(10);
  lru.set('a', 'A', 1);
  lru.set('a', 'A', 6);
  lru.set('b', 'B', 100);
  expect([lru.get('a'), lru.get('b'), lru.bytes]).toEqual([undefined, 'B', 100]);
});

test('the record at a step or before it is found', () => {
  const steps = [0, 5, 10];
  expect([-1, 0, 4, 5, 9, 10, 99].map((step) => lastNotAbove(steps, step))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  expect(lastNotAbove([], 3)).toBe(-1);
});

test('the nearest record is found, the earlier of two equally near', () => {
  expect([-9, 2, 2.5, 3, 99].map((at) => nearest([0, 5, 10], at))).toEqual([0, 0, 0, 1, 2]);
  expect(nearest([], 1)).toBe(-1);
});

test('a gap is much wider than the usual distance', () => {
  expect(gaps([0, 1, 2, 3, 10, 11])).toEqual([[3, 10]]);
  expect(gaps([0, 5, 10, 15])).toEqual([]);
  expect(gaps([3])).toEqual([]);
});

test('every value survives the deep link', () => {
  const values = {
    words: linked('t.words', 'x', text),
    share: linked('t.share', 0.5, number(0, 1)),
    choice: linked('t.choice', 'a', oneOf(['a', 'b'])),
    on: linked('t.on', true, flag),
    list: linked<string[]>('t.list', [], names),
    maybe: linked<number | null>('t.maybe', null, optional(number())),
  };
  expect(linkState()).toEqual({});
  values.words.value = 'a=b&c#ü %';
  values.share.value = 0.25;
  values.choice.value = 'b';
  values.on.value = false;
  values.list.value = ['run,1', 'exp/é', '%2C'];
  values.maybe.value = 0;
  const link = linkState();
  applyLink({});
  expect(Object.values(values).map((state) => state.value)).toEqual(['x', 0.5, 'a', true, [], null]);
  applyLink(link);
  expect(linkState()).toEqual(link);
  expect(values.list.value).toEqual(['run,1', 'exp/é', '%2C']);
  expect(values.maybe.value).toBe(0);
});

test('a link with nonsense keeps the usual values', () => {
  const share = linked('t2.share', 0.5, number(0, 1));
  const choice = linked('t2.choice', 'a', oneOf(['a', 'b']));
  const list = linked<string[]>('t2.list', [], names);
  applyLink({'t2.share': '7', 't2.choice': 'zebra', 't2.list': '%E0%A4%A'});
  expect([share.value, choice.value, list.value]).toEqual([0.5, 'a', []]);
  applyLink({'t2.share': 'NaN'});
  expect(share.value).toBe(0.5);
});

test('a run is named by what tells it from the one most like it', () => {
  const labels = runLabels(['exp/aug=none/seed=1/explain', 'exp/aug=cutout/seed=1/explain', 'vit/lr=1e-3/explain']);
  expect([...labels.values()]).toEqual([
    {name: 'aug=none', path: 'exp/…/seed=1'},
    {name: 'aug=cutout', path: 'exp/…/seed=1'},
    {name: 'vit', path: 'lr=1e-3'},
  ]);
});

test('the usual folder of the records is no name, unless it is all there is', () => {
  expect(runLabels(['a/explain', 'b/explain']).get('b/explain')).toEqual({name: 'b', path: ''});
  expect(runLabels(['explain']).get('explain')).toEqual({name: 'explain', path: ''});
  expect(runLabels(['exp/a/explain']).get('exp/a/explain')).toEqual({name: 'a', path: 'exp'});
  expect(runLabels(['a', 'a/b']).get('a')).toEqual({name: 'a', path: ''});
});

test('neighbouring steps are asked for as one range', () => {
  expect(spanText([0, 5, 10, 20, 25], [0, 5, 10, 15, 20, 25])).toBe('0-10,20-25');
  expect(spanText([3], [1, 3])).toBe('3');
});

test('a long run of large maps is probed at evenly spread steps', () => {
  const steps = Array.from({length: 1000}, (_, i) => i);
  const probed = probeSteps(steps, 2 ** 20);
  expect(probed).toEqual([...steps.filter((step) => step % 16 === 0), 999]);
  expect(probeSteps(steps.slice(0, 64), 100)).toEqual(steps.slice(0, 64));
  expect(probeSteps([...steps, 1000], 2 ** 20).filter((step) => !probed.includes(step))).toEqual([1000]);
});

test('the top of the scale follows the mode and never is 0 where there are values', () => {
  const map = {scale: 4};
  const shared = {p99: 2, maximum: 9};
  expect([topOf('shared', map, shared), topOf('map', map, shared), topOf('log', map, shared)]).toEqual([2, 4, 9]);
  expect(topOf('shared', map, {p99: 0, maximum: 9})).toBe(9);
  expect(topOf('shared', map, {p99: 0, maximum: 0})).toBe(4);
});

/** A queue, what became of its jobs, and a way to end the oldest of those that run. */
function observedQueue() {
  const queue = new Queue();
  const [served, dropped] = [[] as string[], [] as string[]];
  const running: {name: string; end: () => void}[] = [];
  const job = (name: string) => ({
    run: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const end = () => resolve(void (signal.aborted || served.push(name)));
        running.push({name, end});
        signal.addEventListener('abort', () => resolve());
      }),
    drop: () => void dropped.push(name),
  });
  const endOne = async () => {
    running.shift()?.end();
    for (let turn = 0; turn < 6; turn++) await Promise.resolve();
  };
  return {queue, job, served, dropped, running, endOne};
}

test('the newest wish is served first, and the oldest are dropped', async () => {
  const {queue, job, served, dropped, running, endOne} = observedQueue();
  for (let i = 0; i < 32; i++) queue.push(job(String(i)));
  while (running.length) await endOne();
  expect(served.slice(0, 7)).toEqual(['0', '1', '2', '3', '4', '5', '31']);
  expect(dropped).toEqual(['6', '7']);
});

test('what is loaded for later gives way to what somebody waits for', async () => {
  const {queue, job, served, dropped, running, endOne} = observedQueue();
  for (const name of ['later 1', 'later 2', 'later 3']) queue.prefetch(job(name));
  const wanted = [1, 2, 3, 4, 5].map((i) => `now ${i}`);
  for (const name of wanted) queue.push(job(name));
  for (let turn = 0; turn < 6; turn++) await Promise.resolve();
  expect(dropped).toEqual(['later 1']);
  while (running.length) await endOne();
  expect(served).toEqual(['later 2', ...wanted, 'later 3']);
});

test('maps of several targets stand in the order in which the targets were asked for', () => {
  const map = (target: string) => ({
    tag: `GradCAM/conv/${target}`, kind: 'attribution', ranges: [], columns: {},
    facts: {explainer: 'GradCAM', title: 'Grad-CAM', paper: '', settings: {}, target},
  });
  const prediction = {tag: 'prediction', kind: 'prediction', ranges: [], columns: {}, facts: {targets: ['label', 'predicted', 'class 1']}};
  const run = {tags: [map('class 1'), map('label'), map('predicted'), prediction], progress: {seconds: {}}} as unknown as RunData;

  const [entry] = explainersOf(run);

  expect(entry!.tags.map(({facts}) => facts.target)).toEqual(['label', 'predicted', 'class 1']);
});
