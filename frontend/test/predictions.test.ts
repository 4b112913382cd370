import {expect, test} from 'vitest';
import type {PredictionFacts} from '../src/api';
import {Predictions} from '../src/store/predictions';
import {overSamples} from '../src/views/health/curves';

const STEPS = [0, 1, 2];
const DOG = 0;
const CAT = 1;
const NONE = -1;

/** Two samples, of which the second has no label, at three records. */
function predictionsOf(targets: string[]): Predictions {
  const predicted = [[DOG, CAT], [CAT, CAT], [CAT, CAT]];
  const explained = predicted.flatMap((now) => targets.flatMap((name) => (name === 'label' ? [DOG, NONE] : now)));
  const facts = {kind: 'prediction', task: 'multiclass', classes: 2, output: null, targets} as PredictionFacts;
  const arrays = {
    predicted: {values: Int32Array.from(predicted.flat()), shape: [STEPS.length, 2]},
    predicted_probability: {values: Float32Array.from([0.8, 0.6, 0.5, 0.7, 0.9, 1]), shape: [STEPS.length, 2]},
    top_class: {values: Int32Array.from(predicted.flat().flatMap((first) => [first, 1 - first])), shape: [STEPS.length, 2, 2]},
    top_probability: {values: Float32Array.from([0.8, 0.2, 0.6, 0.4, 0.5, 0.5, 0.7, 0.3, 0.9, 0.1, 1, 0]), shape: [STEPS.length, 2, 2]},
    target: {values: Int32Array.from(explained), shape: [STEPS.length, targets.length, 2]},
  };
  return new Predictions({steps: STEPS, facts, arrays, leftOut: []});
}

test('each target tells the class that its maps explain at each record', () => {
  const known = predictionsOf(['label', 'predicted']);
  expect(known.explained('label', 0)).toEqual([DOG, DOG, DOG]);
  expect(known.explained('label', 1)).toEqual([null, null, null]);
  expect(known.explained('predicted', 0)).toEqual([DOG, CAT, CAT]);
  expect(known.explained('predicted', 1)).toEqual([CAT, CAT, CAT]);
});

test('without maps of the predicted class it is what was predicted', () => {
  expect(predictionsOf(['label']).explained('predicted', 0)).toEqual([DOG, CAT, CAT]);
});

test('how sure and how steady predictions are, is a mean over samples', () => {
  const known = predictionsOf(['label']);
  const rounded = (name: string) => overSamples(known, name).map((value) => value && Number(value.toFixed(4)));
  expect(known.margin(1, 1)).toBeCloseTo(0.4);
  expect(rounded('confidence')).toEqual([0.7, 0.6, 0.95]);
  expect(rounded('margin')).toEqual([0.4, 0.2, 0.9]);
  expect(rounded('flips')).toEqual([null, 0.5, 0]);
});
