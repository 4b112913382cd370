import {describe, expect, it} from 'vitest';
import type {FindingChange, RunData} from '../src/api';
import {findingsOf, isOpen, openFindings, recordsOf, worst} from '../src/store/findings';

const change = (id: string, state: 'on' | 'off', since: number, rest: Partial<FindingChange> = {}): FindingChange => ({
  step: since + 2, id, rule: 'dead_channels', severity: 'warning', state, since, title: `${id} is dead.`, text: '',
  layer: null, tag: null, sample: null, class: null, figures: {}, curve: null, ...rest,
});

function runWith(findings: FindingChange[] | undefined, steps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]): RunData {
  return {run: 'a', steps, progress: findings ? {findings} : {}} as unknown as RunData;
}

describe('findingsOf', () => {
  it('puts beginning and end together', () => {
    const [found, ...rest] = findingsOf(runWith([change('conv', 'on', 2), change('conv', 'off', 6)]));

    expect(rest).toEqual([]);
    expect(found).toMatchObject({id: 'conv', from: 2, to: 5, resolved: 6});
  });

  it('ends at the last record before, whatever the distance of the records', () => {
    const [found] = findingsOf(runWith([change('conv', 'on', 20), change('conv', 'off', 60)], [0, 20, 40, 60, 80]));

    expect(found).toMatchObject({from: 20, to: 40, resolved: 60});
  });

  it('makes another finding of a cause that comes back', () => {
    const changes = [change('conv', 'on', 1), change('conv', 'off', 4), change('conv', 'on', 7)];
    const found = findingsOf(runWith(changes));

    expect(found.map(({from, to}) => [from, to])).toEqual([[1, 3], [7, null]]);
    expect(new Set(found.map(({key}) => key)).size).toBe(2);
  });

  it('takes over newer words of a finding that still holds', () => {
    const changes = [change('conv', 'on', 1), change('conv', 'on', 5, {title: 'Half of it is dead.', severity: 'error'})];

    expect(findingsOf(runWith(changes))).toMatchObject([{title: 'Half of it is dead.', severity: 'error', from: 1}]);
  });

  it('leaves out an end without a beginning, and has none of a run without rules', () => {
    expect(findingsOf(runWith([change('conv', 'off', 3)]))).toEqual([]);
    expect(findingsOf(runWith(undefined))).toEqual([]);
  });
});

describe('openFindings', () => {
  it('are those that hold at a step and are no mere facts', () => {
    const run = runWith([
      change('gone', 'on', 1), change('gone', 'off', 5), change('fact', 'on', 2, {severity: 'info'}),
      change('left', 'on', 6, {severity: 'error'}), change('conv', 'on', 3),
    ]);

    expect(openFindings(run, 10).map(({id}) => id)).toEqual(['conv', 'left']);
    expect(worst(openFindings(run, 10))).toBe('error');
    expect(openFindings(run, 4).map(({id}) => id)).toEqual(['gone', 'conv']);
    expect(worst([])).toBeNull();
  });
});

describe('a finding at a step', () => {
  const run = runWith([change('conv', 'on', 4), change('conv', 'off', 8)]);
  const [found] = findingsOf(run);

  it.each([[3, false], [4, true], [7, true], [8, false]])('at %i holds: %s', (step, holds) => {
    expect(isOpen(found!, step)).toBe(holds);
  });

  it.each([[3, 0], [4, 1], [6, 3], [10, 4]])('at %i has held for %i records', (step, records) => {
    expect(recordsOf(found!, run, step)).toBe(records);
  });
});
