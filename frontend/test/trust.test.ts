import {expect, test} from 'vitest';
import {otherModel, trustWords} from '../src/ui/Trust';

test('the badge says with which other model maps are compared', () => {
  expect(trustWords({kind: 'follows', control: 0.04})).toBe('Changes with the model: rank correlation with the maps of the untrained model .04.');
  expect(trustWords({kind: 'ignores', control: 0.82, randomized: true})).toBe('Shows the picture, not the model: rank correlation with the maps of random weights .82.');
  expect(otherModel({kind: 'none', control: null})).toBe('the untrained model');
});

test('without a control the badge names what judges trained models', () => {
  expect(trustWords({kind: 'none', control: null})).toContain('ParameterRandomization');
  expect(trustWords({kind: 'loading', control: null})).toBe('');
});
