"""The integral, its error and its baselines."""

import keras
import numpy as np
import pytest

import tb_explain as tbx


def network(activation):
    """Returns a network of some depth, whose scores are its outputs."""
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            keras.layers.Conv2D(8, 3, padding="same", activation=activation),
            keras.layers.AveragePooling2D(2),
            keras.layers.Conv2D(12, 3, padding="same", activation=activation),
            keras.layers.Flatten(),
            keras.layers.Dense(16, activation=activation, bias_initializer="random_normal"),
            keras.layers.Dense(4, bias_initializer="random_normal"),
        ]
    )


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(6).random((24, 12, 12, 3), dtype=np.float32)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_fifty_points_are_enough(activation):
    """On a trained network the median gap is below half a percent; the figure is that gap."""
    random = np.random.default_rng(2)
    labels = np.arange(128) % 4
    pictures = random.random((128, 12, 12, 3), dtype=np.float32) / 2
    for picture, label in zip(pictures, labels, strict=True):  # One quarter is brighter.
        picture[6 * (label // 2) :, 6 * (label % 2) :][:6, :6] += 0.5
    model = network(activation)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss)
    model.fit(pictures, labels, epochs=12, verbose=0)
    explanation = tbx.IntegratedGradients().explain(model, pictures, targets=1)

    scores = keras.ops.convert_to_numpy(model(pictures))[:, 1]
    scores -= keras.ops.convert_to_numpy(model(np.zeros_like(pictures)))[:, 1]
    gaps = np.abs(explanation.values.sum(axis=(1, 2, 3)) - scores) / np.abs(scores)
    assert np.median(gaps) < 0.005
    np.testing.assert_allclose(explanation.figures["gap"], gaps, rtol=0.05, atol=1e-4)


def test_quadrature_needs_fewer_points_than_trapezoids(pictures):
    """On a smooth network the default gains more from each point."""
    model = network("gelu")
    gauss, trapezoids = (
        tbx.IntegratedGradients(points=5, trapezoid=trapezoid).explain(model, pictures, targets=0)
        for trapezoid in (False, True)
    )

    assert np.median(gauss.figures["gap"]) < np.median(trapezoids.figures["gap"]) / 3


@pytest.mark.parametrize(
    "baseline",
    [
        0.5,
        tbx.Blurred(2.0),
        np.full((12, 12, 3), 0.25),
        np.random.default_rng(0).random((24, 12, 12, 3)),
    ],
    ids=["number", "blurred", "picture", "pictures"],
)
def test_the_sum_is_the_way_from_the_baseline(pictures, baseline):
    """Whatever the baseline is, the map accounts for the difference from it."""
    model = network("gelu")
    explainer = tbx.IntegratedGradients(points=30, baseline=baseline)
    explanation = explainer.explain(model, pictures, targets=2)

    assert np.median(explanation.figures["gap"]) < 0.005
    assert hash(explainer) == hash(tbx.IntegratedGradients(points=30, baseline=baseline))
    assert explainer == tbx.IntegratedGradients(points=30, baseline=baseline)
    assert explainer != tbx.IntegratedGradients(points=30)


def test_a_blur_keeps_what_is_even():
    """A picture of one value is its own blurred baseline, up to its edges."""
    even = np.full((1, 9, 11, 2), 0.7, np.float32)

    found = keras.ops.convert_to_numpy(tbx.Blurred().of(even, keras.ops))
    np.testing.assert_allclose(found, even, rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"points": 0}, "at least one point"),
        ({"points": 1, "trapezoid": True}, "at least one point, by the trapezoid rule two"),
        ({"baseline": np.zeros((5, 5, 3))}, r"has the shape \(12, 12, 3\) of a sample"),
        ({"recorded_size": 0}, "at least one cell"),
    ],
)
def test_settings_are_checked_before_a_training_starts(tmp_path, pictures, settings, rule):
    """One sentence says what would do."""
    explainers = [tbx.IntegratedGradients(**settings)]
    model = network("relu")
    with (
        tbx.Recorder(tmp_path, model, pictures, targets=0, explainers=explainers) as recorder,
        pytest.raises(ValueError, match=f"{rule}.*Received: "),
    ):
        recorder.record(0)


@pytest.mark.parametrize("baseline", [float("nan"), np.inf, "black", np.zeros(3)])
def test_a_baseline_is_a_finite_picture(baseline):
    """Anything else is refused where it is given."""
    with pytest.raises(ValueError, match=r"A baseline is a finite number.*Received"):
        tbx.IntegratedGradients(baseline=baseline)
