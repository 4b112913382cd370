import {describe, expect, it} from 'vitest';
import type {FindingChange, RunData} from '../src/api';
import {meanOf} from '../src/measures/mean';
import {mergeMarks} from '../src/scrubber/marks';
import {findingsOf} from '../src/store/findings';
import {align} from '../src/views/health/align';
import {countWords, pickCards, type Card} from '../src/views/health/cards';
import {countSamples} from '../src/views/health/curves';
import {factsOf} from '../src/views/health/facts';
import {headline, listFindings} from '../src/views/health/list';
import {tellingMaps} from '../src/views/health/pictures';

const change = (id: string, state: 'on' | 'off', since: number, rest: Partial<FindingChange> = {}): FindingChange => ({
  step: since, id, rule: 'rule', severity: 'warning', state, since, title: id, text: '',
  layer: null, tag: null, sample: null, class: null, figures: {}, curve: null, ...rest,
});

const STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 8];

function runWith(name: string, findings: FindingChange[], rest: object = {}): RunData {
  return {run: name, axis: 'epoch', steps: STEPS, tags: [], progress: {findings, failures: [], notes: [], seconds: {}}, samples: null, ...rest} as unknown as RunData;
}

const itself = (_: RunData, step: number): number => step;

describe('the list of findings', () => {
  const run = runWith('a', [
    change('first', 'on', 1), change('first', 'off', 4), change('second', 'on', 3), change('third', 'on', 3, {severity: 'error'}), change('late', 'on', 8),
  ]);

  it('holds what had begun, the newest first, then the worst', () => {
    const list = listFindings([{run, step: 6}], itself);

    expect(list.map(({finding}) => finding.id)).toEqual(['third', 'second', 'first']);
    expect(list.map(({open}) => open)).toEqual([true, true, false]);
  });

  it.each([
    [3, ['epoch 3 · new', 'epoch 3 · new', 'epochs 1–3 · 3 records']],
    [5, ['epochs 3–5 · 3 records', 'epochs 3–5 · 3 records', 'epochs 1–3 · resolved at 4']],
  ])('says at %i for how long each has held', (step, spans) => {
    expect(listFindings([{run, step}], itself).map(({span}) => span)).toEqual(spans);
  });

  it('says which record the figures of a sentence are of, where another one is looked at', () => {
    const told = runWith('a', [change('dead', 'on', 1, {step: 3, figures: {dead: 28}}), change('dead', 'off', 5)]);
    const spans = [2, 3, 4, 5].map((step) => listFindings([{run: told, step}], itself)[0]?.span);

    expect(spans).toEqual([
      'epochs 1–2 · 2 records · as of epoch 3', 'epochs 1–3 · 3 records',
      'epochs 1–4 · 4 records · as of epoch 3', 'epochs 1–4 · resolved at 5 · as of epoch 3',
    ]);
  });

  it('has the findings of all runs, each as it is at its own step', () => {
    const other = runWith('b', [change('other', 'on', 5)]);
    const list = listFindings([{run, step: 4}, {run: other, step: 8}], itself);

    expect(list.map(({finding}) => finding.run)).toEqual(['b', 'a', 'a', 'a']);
  });

  it('has a head in words', () => {
    expect([0, 1, 3].map(headline)).toEqual(['Nothing needs a look', '1 finding needs a look', '3 findings need a look']);
  });
});

it('counts the samples of runs that have different ones', () => {
  const [few, many] = [16, 64].map((count) => runWith('a', [], {samples: {count}})) as [RunData, RunData];
  const none = runWith('b', []);

  expect([[few], [many, few, none], [none]].map(countWords)).toEqual(['16', '16–64', '0']);
});

describe('marks over time', () => {
  it('merge where they would cover each other', () => {
    const found = findingsOf(runWith('a', [change('a', 'on', 0), change('b', 'on', 4), change('c', 'on', 5), change('d', 'on', 8)]));
    const marks = mergeMarks(found, ({from}) => from / 8, 0.15);

    expect(marks.map(({findings}) => findings.map(({id}) => id))).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(marks.map(({place}) => place)).toEqual([0, 0.5, 1]);
  });
});

describe('lines of several runs', () => {
  it('share places; a run has no value where only another has a record', () => {
    const {places, values} = align([{places: [0, 2], values: [1, null]}, {places: [1, 2], values: [5, 6]}]);

    expect(places).toEqual([0, 1, 2]);
    expect(values).toEqual([[1, undefined, null], [undefined, 5, 6]]);
  });

  it('lie on a grid where places could not be told apart, and keep their ends', () => {
    const line = (from: number) => {
      const places = Array.from({length: 1200}, (_, record) => from + record);
      return {places, values: places.map(() => 1)};
    };
    const {places, values} = align([line(0), line(0.5)]);

    expect(places.length).toBeLessThanOrEqual(1501);
    expect([places[0], places.at(-1)]).toEqual([0, 1199.5]);
    expect(values[0]!.filter((value) => value === 1).length).toBeGreaterThan(1100);
  });
});

describe('what is counted', () => {
  const right = {correct: true};
  const wrong = {correct: false};
  const histories = [[right, wrong, wrong], [wrong, wrong, right], [wrong, right, wrong], [{correct: null}, {correct: null}, {correct: null}]];

  it('are samples that are wrong', () => expect(countSamples(histories, 'wrong', 3)).toEqual([2, 2, 2]));
  it('are samples that were right before', () => expect(countSamples(histories, 'forgotten', 3)).toEqual([0, 1, 2]));
  it('are means of what is defined', () => {
    expect(meanOf([1, null, 3, NaN])).toBe(2);
    expect(meanOf([null])).toBeNull();
  });
});

describe('the charts that are shown', () => {
  const card = (id: string, usual: boolean) => ({id, usual}) as Card;
  const all = [card('map.drift', true), card('layer.std', false), card('log.loss', true)];

  it('are the usual ones as long as none of those that were chosen is there', () => {
    expect(pickCards(all, []).map(({id}) => id)).toEqual(['map.drift', 'log.loss']);
    expect(pickCards(all, ['map.gone']).map(({id}) => id)).toEqual(['map.drift', 'log.loss']);
    expect(pickCards(all, ['layer.std']).map(({id}) => id)).toEqual(['layer.std']);
  });
});

describe('the maps that stand beside a place of a chart', () => {
  const all = [[0, 0.2, 0], [1, 0, 0.1], [2, 0, 0.3], [3, 0.9, 0], [4, 0.5, 0.8]].map(([map, value, change]) => ({map: map!, value: value!, change: change!}));
  const chosen = (better: 'lower' | 'higher' | null) => tellingMaps(all, better).map(({map}) => map);

  it('are the worst two and the best; of equal ones, what changed more', () => {
    expect(chosen('higher')).toEqual([2, 1, 3]);
    expect(chosen('lower').slice(0, 2)).toEqual([3, 4]);
  });

  it('are what changed most where neither end is better', () => expect(chosen(null)).toEqual([4, 2, 1]));
});

describe('facts', () => {
  const failures = [3, 5, 7, 8].map((step) => ({step, tag: 'Occlusion/input', reason: 'Out of memory.'}));
  const tag = {tag: 'g', kind: 'attribution', ranges: [], facts: {explainer: 'GuidedBackprop', title: 'Guided backprop', settings: {}, facts: {caution: 'It shows edges.'}}};

  it('say once what is true of several runs', () => {
    const progress = {failures, notes: [{step: 0, text: 'Filters were left out.'}], findings: [], seconds: {}};
    const facts = factsOf([runWith('a', [], {progress}), runWith('b', [], {progress})], () => ({kind: 'none', control: null}));

    expect(facts.map(({title, text, runs}) => [title, text, runs.join()])).toEqual([
      ['Occlusion/input failed at 4 records, at last 5, 7 and 8.', 'Out of memory.', 'a,b'],
      ['', 'Filters were left out.', 'a,b'],
    ]);
  });

  it('warn of explainers that ignore the model, and of those that need care', () => {
    const run = runWith('a', [], {tags: [tag]});
    const [ignores] = factsOf([run], () => ({kind: 'ignores', control: 0.93}));
    const [care] = factsOf([run], () => ({kind: 'follows', control: 0.04}));

    expect(ignores).toMatchObject({icon: 'ignores', title: 'Guided backprop shows the picture, not the model.'});
    expect(ignores!.text).toContain('.93');
    const said = findingsOf(runWith('a', [change('x', 'on', 1, {rule: 'ignores_model', title: 'Guided backprop shows the picture, not the model.'})]));
    expect(factsOf([run], () => ({kind: 'ignores', control: 0.93}), said)).toEqual([]);
    expect(care).toMatchObject({icon: 'shield', title: 'Guided backprop needs care.', text: 'It shows edges.'});
  });
});
