"""LRP is what its papers define, rule by rule, and keeps the score where it should."""

import closed_form_rules as slow
import keras
import numpy as np
import pytest
import rule_models as models
from keras import layers

import tb_explain as tbx
from tb_explain.explainers import LRP, AlphaBeta, Box, Epsilon, Gamma, InputXGradient

EPSILON = LRP(dense=Epsilon(), convolution=Epsilon())


def test_epsilon_is_input_x_gradient_without_biases():
    """With ReLUs and max pooling nothing else divides the score."""
    model, samples = models.weighted(models.plain(), bias=False), models.pictures()

    (found,) = models.explained(EPSILON, model, samples, targets=2)

    gradient = InputXGradient().explain(model, samples, targets=2)
    assert models.largest_share(found.values, gradient.values) < 1e-4


@pytest.mark.parametrize("rule", [Epsilon(), Gamma(), Gamma(0.01), AlphaBeta()], ids=repr)
def test_keeps_the_score_without_biases(rule):
    """The sum of a map is the score for each rule that has no place to lose it to."""
    model, samples = models.weighted(models.plain(), bias=False), models.pictures()

    (found,) = models.explained(LRP(convolution=rule), model, samples, targets=2)

    scores = model.predict(samples, verbose=0)[:, 2]
    np.testing.assert_allclose(found.values.sum(axis=(1, 2, 3)), scores, rtol=1e-3)
    np.testing.assert_allclose(found.figures["kept"], 1, rtol=1e-3)


def test_alpha_beta_on_the_known_world(model, world):
    """Positive and negative contributions are weighed apart, biases among them."""
    (found,) = models.explained(
        LRP(convolution=AlphaBeta()), model, world.samples, targets=world.targets
    )

    shares = slow.alpha_beta_shares(
        slow.contributions(world), world.bias, slow.hidden_relevance(world)
    )
    np.testing.assert_allclose(found.values, slow.gathered(shares), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 10.0])
def test_gamma_on_the_known_world(model, world, gamma):
    """What adds to the sign of the output is favoured, more or less."""
    (found,) = models.explained(
        LRP(convolution=Gamma(gamma)), model, world.samples, targets=world.targets
    )

    relevance = slow.hidden_relevance(world)
    shares = slow.gamma_shares(slow.contributions(world), world.bias, relevance, gamma)
    np.testing.assert_allclose(found.values, slow.gathered(shares), rtol=1e-4, atol=1e-4)


def test_box_on_the_known_world(model, world):
    """Pixels of zero get relevance too, by their distance from the limits."""
    (found,) = models.explained(LRP(first=Box(-4, 4)), model, world.samples, targets=world.targets)

    shares = slow.box_shares(world, slow.hidden_relevance(world), -4, 4)
    np.testing.assert_allclose(found.values, slow.gathered(shares), rtol=1e-4, atol=1e-5)


def dense_relevance(rule, given, kernel, bias, relevance):
    """Returns relevances through one dense layer, by the formula of each paper."""
    products = given[:, :, None] * kernel.astype(np.float64)
    plus, minus = np.maximum(products, 0), np.minimum(products, 0)
    total = products.sum(axis=1) + bias
    if isinstance(rule, Epsilon):
        ratio = relevance / (total + rule.epsilon * np.where(total >= 0, 1, -1))
        return (products * ratio[:, None]).sum(axis=-1)
    if isinstance(rule, Gamma):
        favoured = np.where(total[:, None] >= 0, plus, minus)
        favoured_bias = np.where(total >= 0, np.maximum(bias, 0), np.minimum(bias, 0))
        below = total + rule.gamma * (favoured.sum(axis=1) + favoured_bias)
        return ((products + rule.gamma * favoured) * (relevance / below)[:, None]).sum(axis=-1)
    above, below = plus.sum(axis=1) + np.maximum(bias, 0), minus.sum(axis=1) + np.minimum(bias, 0)
    up = relevance / np.where(above == 0, np.inf, above)
    down = relevance / np.where(below == 0, np.inf, below)
    return (rule.alpha * plus * up[:, None] - rule.beta * minus * down[:, None]).sum(axis=-1)


@pytest.mark.parametrize("rule", [Epsilon(0.1), Gamma(0.25), AlphaBeta(2, 1)], ids=repr)
def test_rules_of_dense_layers(rule):
    """Two dense layers, contribution by contribution."""
    model, samples = models.weighted(models.dense_net("relu")), models.pictures(channels=1)
    first, bias, last, last_bias = model.get_weights()
    flat = samples.reshape(3, -1).astype(np.float64)

    (found,) = models.explained(LRP(dense=rule), model, samples, targets=1)

    hidden = np.maximum(flat @ first + bias, 0)
    scores = np.zeros((3, 4))
    scores[:, 1] = (hidden @ last + last_bias)[:, 1]
    middle = dense_relevance(rule, hidden, last, last_bias, scores)
    expected = dense_relevance(rule, flat, first, bias, middle)
    assert models.largest_share(found.values.reshape(3, -1), expected) < 1e-4


def test_box_of_a_dense_layer():
    """A dense layer that sees the pixels is a first layer too, behind a flattening."""
    model, samples = models.weighted(models.dense_net(None)), models.pictures(channels=1)
    first, _, last, last_bias = model.get_weights()
    flat = samples.reshape(3, -1).astype(np.float64)

    (found,) = models.explained(LRP(first=Box(0, 2)), model, samples, targets=1)

    hidden = flat @ first + model.get_weights()[1]
    scores = np.zeros((3, 4))
    scores[:, 1] = (hidden @ last + last_bias)[:, 1]
    middle = dense_relevance(Epsilon(), hidden, last, last_bias, scores)
    shares = flat[:, :, None] * first - 2 * np.minimum(first, 0)
    expected = (shares * (middle / shares.sum(axis=1))[:, None]).sum(axis=-1)
    assert models.largest_share(found.values.reshape(3, -1), expected) < 1e-4


def test_a_callable_is_scored_at_what_the_model_puts_out():
    """A function that picks a logit has the map of that logit."""
    model, samples = models.weighted(models.plain()), models.pictures()

    (called,) = models.explained(LRP(), model, samples, targets=lambda outputs: outputs[:, 1])
    (picked,) = models.explained(LRP(), model, samples, targets=1)

    assert models.largest_share(called.values, picked.values) < 1e-5


@pytest.mark.parametrize("index", [0, 1])
def test_both_classes_of_one_probability(index):
    """The map of class 0 of a sigmoid is that of class 1 with the other sign."""
    model = models.weighted(models.dense_net("relu", bias=False))
    pair = keras.Sequential([*model.layers[:-1], layers.Dense(1, "sigmoid", use_bias=False)])
    models.weighted(pair)
    samples = models.pictures(channels=1)

    (found,) = models.explained(LRP(), pair, samples, targets=index)

    np.testing.assert_allclose(found.values.sum(axis=(1, 2, 3)), found.scores, rtol=1e-3)


@pytest.mark.parametrize(
    "target", [tbx.Neuron("conv", 1), tbx.Neuron("hidden", 2), tbx.Contrast(0, 1)], ids=repr
)
def test_explains_neurons_and_contrasts(target):
    """The score of a neuron or a contrast is kept too."""
    model = models.weighted(models.plain(head="softmax"), bias=False)

    (found,) = models.explained(EPSILON, model, models.pictures(), targets=target)

    np.testing.assert_allclose(found.values.sum(axis=(1, 2, 3)), found.scores, rtol=1e-3)


def test_mixed_precision_gives_the_maps_of_full_precision():
    """Small sums divide nothing in half precision."""
    maps = []
    for policy in ("float32", "mixed_float16"):
        keras.config.set_dtype_policy(policy)
        try:
            model = models.weighted(models.normalised())
        finally:
            keras.config.set_dtype_policy("float32")
        maps.append(models.explained(LRP(), model, models.pictures(), targets=1)[0].values)

    assert models.largest_share(maps[1], maps[0]) < 1e-4


@pytest.mark.parametrize(
    ("explainer", "sentence"),
    [
        (LRP(dense=Epsilon(0)), r"positive number\. Received: dense=Epsilon"),
        (LRP(convolution=Gamma(-1)), r"number from 0\. Received: convolution=Gamma"),
        (LRP(dense=AlphaBeta(2, 2)), r"alpha = beta \+ 1\. Received: dense="),
        (LRP(first=Box(1, 0)), r"larger largest value\. Received: first="),
        (LRP(dense=Box(0, 1)), r"set first=Box\(low, high\)\. Received: dense="),
        (LRP(dense="epsilon"), r"Epsilon\(\), Gamma\(\).*Received: dense='epsilon'"),
        (LRP(recorded_size=0), r"recorded_size=None.*Received"),
    ],
)
def test_settings_that_make_no_sense(explainer, sentence):
    """One sentence with what would do and what was received."""
    with pytest.raises(ValueError, match=sentence):
        models.explained(explainer, models.weighted(models.plain()), models.pictures())
