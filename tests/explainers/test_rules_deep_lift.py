"""DeepLIFT is complete on every model whose layers it knows, and equal to its definition."""

import keras
import numpy as np
import pytest
import rule_models as models
from keras import layers

import tb_explain as tbx
from tb_explain.explainers import DeepLIFT

ZOO = {
    "relu": models.plain,
    "sigmoid": lambda: models.plain("sigmoid", head="softmax"),
    "tanh": lambda: models.plain("tanh", head="sigmoid"),
    "residual": models.residual,
    "two ways": models.two_ways,
    "signal": models.signal,
    "excited": models.excited,
}


def difference(model, samples, baseline, index):
    """Returns the difference of logits of one class, for a model that puts out logits."""
    scores = [model.predict(one, verbose=0)[:, index] for one in (samples, baseline)]
    return scores[0] - scores[1]


@pytest.mark.parametrize("name", ZOO)
def test_sums_to_the_difference_from_the_baseline(name):
    """The sum of a map is the score less that of the baseline."""
    model = models.weighted(ZOO[name]())
    samples = models.pictures()[:, : model.input_shape[1]]
    samples = samples[:, :, 0] if name == "signal" else samples

    (found,) = models.explained(DeepLIFT(), model, samples, targets=1)

    assert found.figures["completeness"].shape == (3,)
    assert (found.figures["completeness"] < 1e-4).all()
    if name in ("relu", "two ways"):
        expected = difference(model, samples, np.zeros_like(samples), 1)
        np.testing.assert_allclose(found.values.sum(axis=(1, 2, 3)), expected, rtol=1e-4)


@pytest.mark.parametrize(
    "target",
    [
        "predicted",
        [0, 1, 2],
        tbx.Contrast(1, 2),
        tbx.Neuron("conv", 2),
        tbx.Neuron("hidden", 3),
        lambda outputs: outputs[:, 0] * outputs[:, 1],
    ],
    ids=["predicted", "one each", "contrast", "neuron of a grid", "neuron", "callable"],
)
def test_explains_every_target(target):
    """Scores of the baseline are those of the class of the sample, whatever is predicted for it."""
    model = models.weighted(models.plain("tanh"))

    (found,) = models.explained(DeepLIFT(), model, models.pictures(), targets=target)

    if callable(target):  # A product is not linear in the logits.
        assert np.isfinite(found.values).all()
        return
    assert (found.figures["completeness"] < 1e-4).all()


def test_explains_several_targets_of_one_pass():
    """Each target has the map that it has alone."""
    model, samples = models.weighted(models.residual()), models.pictures()

    both = models.explained(DeepLIFT(), model, samples, targets=(0, 3))
    alone = models.explained(DeepLIFT(), model, samples, targets=3)

    assert both[1].targets == (3, 3, 3)
    np.testing.assert_allclose(both[1].values, alone[0].values, atol=1e-6)


def test_one_sample_at_a_time_has_the_same_maps():
    """Each sample keeps its own baseline and label when memory allows one at a time."""
    model, samples = models.weighted(models.plain()), models.pictures()
    explainer = DeepLIFT(baseline=samples[::-1] / 2)

    (whole,) = models.explained(explainer, model, samples, targets=[2, 0, 1])
    (cut,) = models.explained(explainer, model, samples, targets=[2, 0, 1], memory_budget=1)

    assert cut.targets == whole.targets == (2, 0, 1)
    np.testing.assert_allclose(cut.values, whole.values, rtol=1e-5, atol=1e-6)


def test_explains_regions_of_a_segmentation():
    """The region is that of the sample for the baseline too."""
    images = keras.Input((8, 8, 3))
    grid = layers.Conv2D(5, 3, padding="same", activation="relu")(images)
    model = models.weighted(keras.Model(images, layers.Conv2D(3, 1, activation="softmax")(grid)))

    (found,) = models.explained(DeepLIFT(), model, models.pictures())

    assert (found.figures["completeness"] < 1e-4).all()


@pytest.mark.parametrize("baseline", [0.5, tbx.Blurred(), np.full((8, 8, 3), 0.25)])
def test_compares_with_a_baseline(baseline):
    """The baseline is a number, a blurred picture or a picture."""
    model, samples = models.weighted(models.plain()), models.pictures()

    (found,) = models.explained(DeepLIFT(baseline=baseline), model, samples, targets=1)

    assert (found.figures["completeness"] < 1e-4).all()


def test_a_sample_like_its_baseline_has_an_empty_map():
    """Nothing is divided by a difference of zero."""
    samples = np.repeat(models.pictures(1), 2, axis=0)
    model = models.weighted(models.plain("tanh"))

    (found,) = models.explained(DeepLIFT(baseline=samples[0]), model, samples, targets=1)

    np.testing.assert_array_equal(found.values, 0)


def test_equals_the_definition_on_dense_layers():
    """Multipliers of a two-layer network, written out."""
    model = models.weighted(models.dense_net("sigmoid"))
    samples, (first, bias, last, _) = models.pictures(channels=1), model.get_weights()
    flat = samples.reshape(3, -1).astype(np.float64)

    (found,) = models.explained(DeepLIFT(baseline=0.5), model, samples, targets=2)

    def sigmoid(values):
        return 1 / (1 + np.exp(-values))

    seen, at_baseline = flat @ first + bias, np.full_like(flat, 0.5) @ first + bias
    slope = (sigmoid(seen) - sigmoid(at_baseline)) / (seen - at_baseline)
    expected = (flat - 0.5) * ((slope * last[:, 2]) @ first.T)
    np.testing.assert_allclose(found.values.reshape(3, -1), expected, rtol=1e-4, atol=1e-6)


def test_shares_a_largest_value_as_shap_does():
    """Of 3 against 1 the own place gets 2; of 1 against 2 the place of the baseline loses 1."""
    images = keras.Input((2, 2, 1))
    pooled = layers.Flatten()(layers.MaxPooling2D(2)(images))
    model = keras.Model(images, layers.Dense(1, use_bias=False)(pooled))
    model.set_weights([np.ones((1, 1), np.float32)])
    samples = np.array([[[0, 3], [1, 0]], [[1, 0], [0, 0.5]]], np.float32)[..., None]
    baseline = np.array([[[[1], [0]], [[0], [0]]], [[[0], [0]], [[2], [0]]]], np.float32)

    (found,) = models.explained(DeepLIFT(baseline=baseline), model, samples, targets=0)

    expected = np.array([[[0, 2], [0, 0]], [[0, 0], [-1, 0]]])
    np.testing.assert_allclose(found.values[..., 0], expected, atol=1e-6)


def test_names_its_rules():
    """The facts say which function and which layer was rescaled."""
    model = models.weighted(models.plain("tanh"))

    (found,) = models.explained(DeepLIFT(), model, models.pictures())

    assert found.facts["rules"] == {"tanh": "Rescale()", "MaxPooling2D": "RescaleLargest()"}


def test_mixed_precision_gives_the_maps_of_full_precision():
    """Layers compute in float32 meanwhile, and in half precision afterwards."""
    maps = []
    for policy in ("float32", "mixed_float16", "mixed_bfloat16"):
        keras.config.set_dtype_policy(policy)
        try:
            model = models.weighted(models.normalised())
        finally:
            keras.config.set_dtype_policy("float32")
        maps.append(models.explained(DeepLIFT(), model, models.pictures(), targets=1)[0].values)
        assert model.layers[0].compute_dtype == policy.replace("mixed_", "")

    np.testing.assert_allclose(maps[1], maps[0], atol=1e-6)
    np.testing.assert_allclose(maps[2], maps[0], atol=1e-6)
