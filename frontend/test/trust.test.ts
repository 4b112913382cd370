import {expect, test} from 'vitest';
import {learnedBy, movedBy} from '../src/store/trained';
import {otherModel, trustWords} from '../src/ui/TrustBadge';

test('the badge says with which other model maps are compared', () => {
  expect(trustWords({kind: 'follows', control: 0.04})).toBe('Changes with the model: rank correlation with the maps of the untrained model .04.');
  expect(trustWords({kind: 'ignores', control: 0.82, randomized: true})).toBe('Shows the picture, not the model: rank correlation with the maps of random weights .82.');
  expect(otherModel({kind: 'none', control: null})).toBe('the untrained model');
});

test('maps of a model that is still itself accuse no explainer', () => {
  const words = trustWords({kind: 'undecided', control: 0.95});
  expect(words).toMatch(/^Undecided: rank correlation with the maps of the untrained model \.95, but the model itself has hardly changed/);
});

test('weights have moved as far as the median layer', () => {
  const changes = [NaN, NaN, NaN, 0.1, 0.2, NaN, 0.3, 0.6, NaN];
  expect(movedBy(changes, 3, 3)).toBeCloseTo(0.6);
  expect(movedBy(changes, 3, 2)).toBeCloseTo(0.15);
  expect(movedBy([0, 0, 5], 3, 1)).toBe(0);
  expect(movedBy(changes, 3, 1)).toBeNull();
});

test('predictions have changed as far as those of a sample on average', () => {
  expect(learnedBy([0.1, 0.4, null, 0.5], [0.3, 0, 1, null])).toBeCloseTo(0.3);
  expect(learnedBy([null], [0.5])).toBeNull();
  expect(learnedBy([0.5], [])).toBeNull();
});

test('without a control the badge names what judges trained models', () => {
  expect(trustWords({kind: 'none', control: null})).toContain('ParameterRandomization');
  expect(trustWords({kind: 'loading', control: null})).toBe('');
});
