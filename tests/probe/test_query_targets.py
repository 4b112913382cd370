"""What is asked of changed samples: their classes, regions and inputs stay those of the samples."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Contrast, Neuron, Output, Probe
from tests.probe.asking import changed, classifier, gradients_of, returned, scores_of


@pytest.fixture
def samples():
    return np.random.default_rng(1).random((5, 8, 6, 3), dtype=np.float32)


def flipping():
    """Returns a model that predicts the class of the brighter half, and a sample of each class."""
    model = keras.Sequential(
        [keras.Input((2, 4, 1)), layers.Flatten(), layers.Dense(2, name="head")], name="halves"
    )
    half = np.tile(np.repeat(np.eye(2, dtype=np.float32), 2, axis=0), (2, 1))
    model.set_weights([half, np.zeros(2, np.float32)])
    samples = np.full((2, 2, 4, 1), 0.5, np.float32)
    samples[0, :, :2] = samples[1, :, 2:] = 1
    return model, samples


def test_the_predicted_class_is_that_of_the_unchanged_sample():
    """A variant for which the model predicts another class is asked about the first one."""
    model, samples = flipping()
    variants = [samples, samples[:, :, ::-1], 0 * samples]
    assert (returned(model, variants[:2]).argmax(-1) == [[0, 1], [1, 0]]).all()

    targets = ("predicted", Contrast("predicted", 0), Contrast(1, "predicted"))
    found = scores_of(Probe(model, samples, targets=targets).queries(), variants)

    z = returned(model, variants)
    own = np.stack([z[:, 0, 0], z[:, 1, 1]], axis=1)
    np.testing.assert_allclose(found[:, 0], own, rtol=1e-6)
    np.testing.assert_allclose(found[:, 1], own - z[..., 0], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found[:, 2], z[..., 1] - own, rtol=1e-6, atol=1e-6)


def test_the_predicted_class_is_found_anew_at_each_record():
    """After training changed the prediction, the next record explains the new one."""
    model, samples = flipping()
    probe = Probe(model, samples, targets="predicted")
    before = scores_of(probe.queries(), [samples])

    kernel, bias = model.get_weights()
    model.set_weights([2 * kernel[:, ::-1], bias])
    after = scores_of(probe.queries(), [samples])

    np.testing.assert_allclose(after, 2 * before, rtol=1e-6)


def segmenter():
    """Returns a model of three classes at each place, whose scores are its inputs."""
    model = keras.Sequential([keras.Input((4, 3, 3)), layers.Conv2D(3, 1, name="head")])
    model.set_weights([np.eye(3, dtype=np.float32)[None, None], np.zeros(3, np.float32)])
    return model


@pytest.mark.parametrize("target", ["predicted", 2])
def test_the_region_is_that_of_the_unchanged_sample(target):
    """Where a variant is segmented in another way, the score is still that of the first region."""
    random = np.random.default_rng(5)
    samples, variant = random.normal(size=(2, 3, 4, 3, 3)).astype(np.float32)
    best = samples.argmax(-1)
    areas = np.stack([(best == c).sum(axis=(1, 2)) for c in (1, 2)], axis=1)
    classes = areas.argmax(axis=1) + 1 if target == "predicted" else np.full(3, 2)

    found = scores_of(Probe(segmenter(), samples, targets=target).queries(), [samples, variant])

    for answers, asked in zip(found, (samples, variant), strict=True):
        for sample, index in enumerate(classes):
            region = asked[sample][best[sample] == index][:, index]
            assert region.size
            np.testing.assert_allclose(answers[0, sample], region.mean(), rtol=1e-5, atol=1e-6)


def test_labels_of_places_stay(samples):
    """A region that labels give is theirs, in every batch of variants."""
    labels = np.random.default_rng(6).integers(0, 3, (5, 4, 3))
    pictures = np.random.default_rng(7).normal(size=(5, 4, 3, 3)).astype(np.float32)
    variants = changed(pictures, 4)
    probe = Probe(segmenter(), pictures, labels=labels, targets=[0, 1, 2, 0, 1])

    found = scores_of(probe.queries(), variants)

    for index, variant in enumerate(variants):
        for sample, label in enumerate([0, 1, 2, 0, 1]):
            expected = variant[sample][labels[sample] == label][:, label].mean()
            np.testing.assert_allclose(found[index, 0, sample], expected, rtol=1e-5, atol=1e-6)


def test_targets_of_every_kind_are_asked(samples):
    """Labels, neurons, callables and outputs by name mean for variants what they always mean."""
    model, variants = classifier(), changed(samples, 3)
    labels = np.array([3, 0, 2, 1, 1])
    targets = ("label", Neuron("conv", 4), lambda z: z[:, 0] * z[:, 1], Output(0, 3))

    queries = Probe(model, samples, labels=labels, targets=targets).queries()
    found = scores_of(queries, variants)
    gradients = gradients_of(queries, variants)

    z = returned(model, variants)
    neuron = returned(keras.Sequential(model.layers[:1]), variants)[..., 4].mean(axis=(2, 3))
    own = np.take_along_axis(z, np.broadcast_to(labels[None, :, None], (3, 5, 1)), axis=-1)[..., 0]
    expected = np.stack([own, neuron, z[..., 0] * z[..., 1], z[..., 3]], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    assert gradients.shape == (3, 4, *samples.shape)
    assert (np.abs(gradients).max(axis=(0, 2, 3, 4, 5)) > 0).all()


def test_other_inputs_stay_as_they_are(samples):
    """Of several inputs one is changed, and the others go with their own sample."""
    keras.utils.set_random_seed(4)
    image, numbers = keras.Input((8, 6, 3), name="image"), keras.Input((2,), name="numbers")
    pooled = layers.GlobalAveragePooling2D()(image)
    score = layers.Dense(1)(layers.Concatenate()([pooled, numbers]))
    model = keras.Model({"image": image, "numbers": numbers}, score)
    beside = np.random.default_rng(8).normal(size=(5, 2)).astype(np.float32)
    variants = changed(samples, 4)

    probe = Probe(model, {"image": samples, "numbers": beside}, targets=0)
    found = scores_of(probe.queries(), variants)

    expected = returned(model, [{"image": v, "numbers": beside} for v in variants])[..., 0]
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-5, atol=1e-6)


def linear_scores(weights, variants):
    return np.stack([(weights * each).reshape(len(each), -1).sum(axis=1) for each in variants])


def test_channels_first_pictures_are_asked_about_channels_last():
    """Variants have their channels last, whatever the model takes."""
    order = {"data_format": "channels_first"}
    model = keras.Sequential(
        [
            keras.Input((2, 4, 6)),
            layers.UpSampling2D((1, 1), **order),
            layers.Flatten(data_format="channels_last"),
            layers.Dense(1),
        ]
    )
    weights = np.random.default_rng(9).normal(size=(2, 4, 6)).astype(np.float32)
    model.set_weights([weights.reshape(-1, 1), np.zeros(1, np.float32)])
    pictures = np.random.default_rng(10).random((3, 2, 4, 6), dtype=np.float32)

    queries = Probe(model, pictures, targets=0).queries()
    variants = changed(np.moveaxis(pictures, 1, -1), 7)

    assert tuple(queries.samples.shape) == (3, 4, 6, 2)
    last = np.moveaxis(weights, 0, -1)
    expected = linear_scores(last, variants)
    np.testing.assert_allclose(scores_of(queries, variants)[:, 0], expected, rtol=1e-5, atol=1e-5)
    gradients = gradients_of(queries, variants)
    np.testing.assert_allclose(gradients, np.broadcast_to(last, gradients.shape), rtol=1e-5)


@pytest.mark.parametrize(("shape", "grid"), [((9, 10), (9, 10, 1)), ((30, 2), (1, 30, 2))])
def test_pictures_without_channels_and_signals_have_rows_and_columns(shape, grid):
    """Grey pictures without an axis of channels, and signals, are asked about as pictures."""
    model = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    weights = np.random.default_rng(11).normal(size=shape).astype(np.float32)
    model.set_weights([weights.reshape(-1, 1), np.zeros(1, np.float32)])
    pictures = np.random.default_rng(12).random((3, *shape), dtype=np.float32)

    queries = Probe(model, pictures, targets=0).queries()
    variants = changed(pictures.reshape(3, *grid), 7)

    assert tuple(queries.samples.shape) == (3, *grid)
    expected = linear_scores(weights.reshape(grid), variants)
    np.testing.assert_allclose(scores_of(queries, variants)[:, 0], expected, rtol=1e-5, atol=1e-5)
    gradients = gradients_of(queries, variants)
    expected = np.broadcast_to(weights.reshape(grid), gradients.shape)
    np.testing.assert_allclose(gradients, expected, rtol=1e-5)


def test_scores_that_look_like_probabilities_stay_scores():
    """Scores of a linear layer are no probabilities, whatever they add up to."""
    model, _ = flipping()
    half = np.full((1, 2, 4, 1), 0.125, np.float32)
    np.testing.assert_allclose(returned(model, [half]), 0.5)

    found = scores_of(Probe(model, half, targets=0).queries(), [half, 2 * half])

    np.testing.assert_allclose(found[:, 0, 0], [0.5, 1], rtol=1e-6)
