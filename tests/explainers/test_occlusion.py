"""Occlusion beyond the closed form of its default: windows, strides, coverage, settings."""

import closed_form_perturbed_gradients as closed
import keras
import numpy as np
import pytest
from keras import layers
from queried import assert_same, queried

from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explainers import Blurred, Occlusion
from tb_explain.explainers.occlusion import mean_of_windows, positions
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def probe(model, world):
    return Probe(model, world.samples, targets=list(world.targets))


def linear(*shape, weights):
    """Returns a model whose score is the sum of weights times inputs."""
    model = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    model.set_weights([weights.reshape(-1, 1), np.zeros(1, np.float32)])
    return model


@pytest.mark.parametrize(
    ("asked", "window", "stride"),
    [
        ({"window": 2}, (2, 2), (1, 1)),
        ({"window": 2, "stride": 2}, (2, 2), (2, 2)),
        ({"window": 4, "stride": 3}, (4, 4), (3, 3)),
        ({"window": (3, 2), "stride": (2, 1)}, (3, 2), (2, 1)),
        ({"window": (6, 5)}, (6, 5), (3, 2)),
        ({"window": (1, 5)}, (1, 5), (1, 2)),
        ({"window": 3, "baseline": 0.5}, (3, 3), (1, 1)),
        ({"window": 3, "baseline": "picture"}, (3, 3), (1, 1)),
        ({"window": 3, "baseline": "pictures"}, (3, 3), (1, 1)),
    ],
    ids=str,
)
def test_matches_its_definition(asked, window, stride, probe, world):
    """Windows and strides of every form on a picture that is not square."""
    shapes = {"picture": world.samples.shape[1:], "pictures": world.samples.shape}
    baseline = asked.get("baseline", 0.0)
    if baseline in shapes:
        baseline = np.random.default_rng(1).normal(size=shapes[baseline]).astype(np.float32)

    found = queried(Occlusion(**asked | {"baseline": baseline}), probe)["map"]

    expected = closed.occlusion(world, window=window, stride=stride, baseline=baseline)
    assert_same(found, expected)


def test_covers_by_a_blurred_sample(probe, world):
    """A blurred baseline is that of the sample itself."""
    baseline = np.array(
        Blurred(sigma=1.0).of(keras.ops.convert_to_tensor(world.samples), keras.ops)
    )

    found = queried(Occlusion(window=3, baseline=Blurred(sigma=1.0)), probe)["map"]

    assert_same(found, closed.occlusion(world, window=(3, 3), baseline=baseline))


def test_every_pixel_is_covered():
    """Whatever side, window and stride: windows stay inside and together cover the side."""
    for side in range(1, 20):
        for window in range(1, side + 1):
            for stride in range(1, window + 1):
                starts = positions(side, window=window, stride=stride)
                assert starts == closed.starts(side, window, stride)
                means = mean_of_windows(side, starts, window=window)
                np.testing.assert_allclose(means.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("shape", [(32, 64, 1), (33, 17, 2), (5, 40, 1), (1, 50, 2)])
def test_the_default_covers_any_picture(shape):
    """Where each pixel adds one, each pixel lost something: nothing is left out."""
    samples = np.ones((1, *shape), np.float32)

    found = Occlusion().explain(linear(*shape, weights=np.ones(shape, "f4")), samples, targets=0)

    assert found.values.shape == (1, *shape[:2], 1)
    window = max(1, shape[0] // 8) * max(1, shape[1] // 8) * shape[2]
    np.testing.assert_allclose(found.values, window, rtol=1e-4)


def test_the_default_asks_about_225_windows():
    """An eighth of each side and half of that as stride: 15 x 15 windows, whatever the sides."""
    weights = np.ones((16, 48, 1), np.float32)
    samples = np.ones((2, 16, 48, 1), np.float32)

    facts = Occlusion().explain(linear(16, 48, 1, weights=weights), samples, targets=0).facts

    assert (facts["forwards"], facts["backwards"]) == (226 * 2, 0)


def test_one_pixel_windows_of_a_linear_model_are_its_terms():
    """Of a sum of terms, each pixel is its own term, of either sign."""
    generator = np.random.default_rng(6)
    weights = generator.normal(size=(4, 3, 2)).astype(np.float32)
    samples = generator.normal(size=(3, 4, 3, 2)).astype(np.float32)

    found = Occlusion(window=1).explain(linear(4, 3, 2, weights=weights), samples, targets=0)

    expected = (weights * samples).sum(axis=-1, keepdims=True)
    assert expected.min() < 0 < expected.max()
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-5)


def test_signals_are_covered_along_their_one_axis():
    """A signal is a picture of one row, and one number is the length of its window."""
    generator = np.random.default_rng(7)
    weights = generator.normal(size=(12, 2)).astype(np.float32)
    samples = generator.normal(size=(2, 12, 2)).astype(np.float32)
    model = linear(12, 2, weights=weights)

    found = Occlusion(window=4, stride=4).explain(model, samples, targets=0)

    terms = (weights * samples).sum(axis=-1).reshape(2, 3, 4).sum(axis=-1)
    np.testing.assert_allclose(found.values[:, 0, :, 0], np.repeat(terms, 4, axis=1), rtol=1e-4)


def test_a_broken_sample_stays_alone(model, probe, world):
    """A sample that is not finite breaks its own map, and no other."""
    broken = world.samples.copy()
    broken[1, 2, 2, 0] = np.inf
    whole = queried(Occlusion(window=2), probe)["map"]

    targets = list(world.targets)
    found = queried(Occlusion(window=2), Probe(model, broken, targets=targets))["map"]

    np.testing.assert_allclose(np.delete(found, 1, 0), np.delete(whole, 1, 0), rtol=1e-5, atol=1e-5)
    assert not np.isfinite(found[1]).all()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Occlusion(window=0), "at least 1, or a pair of rows and columns. Received: Occl"),
        (lambda: Occlusion(window=(2, 0)), "A window is a number of pixels of at least 1"),
        (lambda: Occlusion(window=(2, 2, 2)), "a pair of rows and columns"),
        (lambda: Occlusion(window=2.5), "a pair of rows and columns"),
        (lambda: Occlusion(window=True), "a pair of rows and columns"),
        (lambda: Occlusion(window=2, stride=0), "A stride is a number of pixels of at least 1"),
        (lambda: Occlusion(window=6), "no larger than the picture of 6 rows and 5 columns"),
        (lambda: Occlusion(window=(7, 1)), r"6 rows and 5 columns. Received: .*window=\(7, 1\)"),
        (lambda: Occlusion(window=2, stride=3), "2 rows and 2 columns, or pixels stay uncovered"),
        (lambda: Occlusion(stride=2), "1 rows and 1 columns, or pixels stay uncovered"),
        (lambda: Occlusion(window=2, stride=(1, 3)), "pixels stay uncovered"),
        (lambda: Occlusion(baseline=float("nan")), "finite number.*Received: baseline=nan"),
        (lambda: Occlusion(baseline="black"), "finite number.*Received: baseline='black'"),
        (lambda: Occlusion(baseline=np.zeros((5, 6, 2))), r"shape \(6, 5, 2\) of a sample"),
        (lambda: Occlusion(recorded_size=0), "at least one cell"),
    ],
)
def test_a_wrong_setting_is_a_sentence_before_anything_runs(make, sentence, probe):
    """What makes no sense is answered when the explainers meet the model."""
    with pytest.raises(ValueError, match=sentence):
        SharedPass(probe, [make()])


def test_an_input_without_places_is_refused():
    """A model of vectors has no windows; the sentence says what works there."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])

    with pytest.raises(ValueError, match="Occlusion explains an input with rows and columns"):
        Occlusion().explain(model, np.zeros((2, 4), np.float32), targets=0)
