"""Score-CAM beyond the closed form of its default: enlarged channels, flat ones, choice, cost."""

import keras
import numpy as np
import pytest
from closed_form_masked import score_cam_of
from keras import layers
from queried import assert_same, queried

import tb_explain as tbx
from tb_explain.explainers.score_cam import softmax_of
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def pooled():
    """A network whose last layer with places is smaller than its input."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((12, 9, 2)),
            layers.Conv2D(5, 3, activation="relu", name="first"),
            layers.AveragePooling2D(2, name="pool"),
            layers.Conv2D(6, 2, activation="gelu", name="last"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, kernel_initializer="random_normal", name="head"),
        ],
        name="pooled",
    )


@pytest.fixture(scope="module")
def samples():
    return np.random.default_rng(2).normal(size=(4, 12, 9, 2)).astype(np.float32)


def slow(model, samples, *, layer, target, **settings):
    """Returns the maps by the definition, with what the model itself says of each mask."""
    output = keras.Model(model.inputs[0], model.get_layer(layer).output)
    activations = keras.ops.convert_to_numpy(output(samples)).astype(np.float64)

    def score(changed):
        return float(keras.ops.convert_to_numpy(model(changed[None].astype("f4")))[0, target])

    pairs = zip(activations, samples.astype(np.float64), strict=True)
    return np.stack([score_cam_of(*pair, score, **settings) for pair in pairs])


@pytest.mark.parametrize(
    ("asked", "settings"),
    [
        ({}, {"channels": 6}),
        ({"channels": None}, {"channels": 6}),
        ({"channels": 2}, {"channels": 2}),
        ({"channels": 3, "layer": "pool"}, {"channels": 3}),
        ({"baseline": 0.6}, {"channels": 6, "baseline": 0.6}),
    ],
    ids=str,
)
def test_matches_its_definition(asked, settings, pooled, samples):
    """Channels are brought to 0..1 after they are enlarged, and chosen by their mean."""
    found = queried(tbx.ScoreCAM(**asked), Probe(pooled, samples, targets=(1,)))["map"]

    layer = asked.get("layer", "last")
    assert_same(found, slow(pooled, samples, layer=layer, target=1, **settings))


def test_a_flat_channel_has_no_weight(pooled, samples):
    """A channel that is the same everywhere masks nothing, so it takes part in nothing."""
    model = keras.models.clone_model(pooled)
    model.set_weights(pooled.get_weights())
    kernel, bias = model.get_layer("last").get_weights()
    kernel[..., 2], bias[2] = 0, 40
    model.get_layer("last").set_weights([kernel, bias])

    found = queried(tbx.ScoreCAM(), Probe(model, samples, targets=(0,)))["map"]

    assert_same(found, slow(model, samples, layer="last", target=0, channels=6))
    assert found.max() < 20


def test_nothing_to_go_by_is_an_empty_map(pooled, samples):
    """Where all channels are flat the map is zero, not a division by zero."""
    model = keras.models.clone_model(pooled)
    model.get_layer("last").set_weights([np.zeros((2, 2, 5, 6)), np.ones(6)])

    found = tbx.ScoreCAM().explain(model, samples, targets=0)

    np.testing.assert_array_equal(found.values, 0)


def test_scores_of_any_size_have_weights_that_sum_to_one():
    """The softmax holds scores that no exponential holds, and counts what counts."""
    scores = np.array([[[1e4, 1e4 - 1, -1e4, 2e4]]])
    counts = np.array([[True, True, True, False]])

    weights = softmax_of(scores, counts)

    np.testing.assert_allclose(weights, [[[0.731059, 0.268941, 0, 0]]], rtol=1e-5)


def test_costs_one_forward_pass_per_channel(pooled, samples):
    """And one for what the layer puts out."""
    for channels, asked in ((None, 6), (2, 2), (64, 6)):
        facts = tbx.ScoreCAM(channels=channels).explain(pooled, samples, targets=0).facts
        assert (facts["forwards"], facts["backwards"]) == ((1 + asked) * 4, 0)


def test_says_why_it_explains_this_layer(pooled, samples):
    """The reason of the rule is part of the explanation where the layer is that of the rule."""
    by_rule, named = (
        tbx.ScoreCAM(layer=layer).explain(pooled, samples, targets=0) for layer in (None, "pool")
    )

    assert by_rule.layer == "last"
    assert by_rule.facts["reason"]
    assert named.layer == "pool"
    assert "reason" not in named.facts


def test_a_broken_sample_stays_alone(pooled, samples):
    """A sample that is not finite breaks its own map, and no other."""
    broken = samples.copy()
    broken[2, 4, 4, 0] = np.nan

    found, whole = (
        queried(tbx.ScoreCAM(), Probe(pooled, each, targets=(0,)))["map"]
        for each in (broken, samples)
    )

    np.testing.assert_allclose(np.delete(found, 2, 0), np.delete(whole, 2, 0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"channels": 0}, "at least one channel; channels=None.*Received: ScoreCAM"),
        ({"baseline": float("inf")}, "A baseline is a finite number.*Received"),
        ({"layer": "head"}, "has no rows and columns.*Received: ScoreCAM"),
    ],
    ids=str,
)
def test_wrong_settings_are_answered_before_anything_runs(settings, sentence, pooled, samples):
    """One sentence with the rule, what would do and what was received."""
    with pytest.raises(ValueError, match=sentence):
        tbx.ScoreCAM(**settings).resolve(Probe(pooled, samples, targets=(0,)).layers)
