"""Guided backpropagation finds every ReLU, and refuses where one may hide."""

import keras
import numpy as np
import pytest
import rule_models as models
from keras import layers

from tb_explain.explainers import GuidedBackprop, Saliency

RELUS = {
    "activation": lambda: [layers.Dense(6, activation="relu")],
    "layer": lambda: [layers.Dense(6), layers.ReLU()],
    "activation layer": lambda: [layers.Dense(6), layers.Activation("relu")],
    "layer as activation": lambda: [layers.Dense(6, activation=layers.ReLU())],
    "operation": lambda: [layers.Dense(6), keras.ops.relu],
    "function": lambda: [layers.Dense(6), keras.activations.relu],
}
CAPPED = {
    "function": lambda: [layers.Dense(6, activation="relu6")],
    "layer": lambda: [layers.Dense(6), layers.ReLU(max_value=6.0)],
    "operation": lambda: [layers.Dense(6), keras.ops.relu6],
}


def net(steps):
    """Two dense layers on grey pictures, with the given steps as the first."""
    images = values = keras.Input((8, 8, 1))
    for step in [layers.Flatten(), *steps, layers.Dense(4)]:
        values = step(values)
    return models.weighted(keras.Model(images, values))


def guided(model, samples, *, largest):
    """Returns the maps for class 1, unit by unit."""
    first, bias, last, _ = model.get_weights()
    flat = samples.reshape(len(samples), -1).astype(np.float64)
    before = flat @ first + bias
    sent = np.zeros_like(before)
    for sample, unit in np.ndindex(*before.shape):
        if 0 < before[sample, unit] < largest and last[unit, 1] > 0:
            sent[sample, unit] = last[unit, 1]
    return np.abs(sent @ first.T).reshape(samples.shape)


@pytest.mark.parametrize("name", RELUS)
def test_finds_every_kind_of_relu(name):
    """Whether it is an argument, a layer or an operation, it sends back what is positive."""
    model, samples = net(RELUS[name]()), models.pictures(channels=1)

    (found,) = models.explained(GuidedBackprop(), model, samples, targets=1)

    expected = guided(model, samples, largest=np.inf)
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-6)
    assert found.facts["rules"] == {"relu": "Guided()"}


@pytest.mark.parametrize("name", CAPPED)
def test_finds_relus_with_a_largest_value(name):
    """Where the largest value is reached nothing comes back."""
    model, samples = net(CAPPED[name]()), 20 * models.pictures(channels=1)

    (found,) = models.explained(GuidedBackprop(), model, samples, targets=1)

    expected = guided(model, samples, largest=6.0)
    assert (expected > 0).any()
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-6)


def test_goes_through_a_relu_twice():
    """One ReLU layer that is used in two places guides in both."""
    relu = layers.ReLU()
    twice = net([layers.Dense(6), relu, layers.Dense(6), relu])
    each = net([layers.Dense(6), layers.ReLU(), layers.Dense(6), layers.ReLU()])

    maps = [
        models.explained(GuidedBackprop(), model, models.pictures(channels=1), targets=1)[0].values
        for model in (twice, each)
    ]

    np.testing.assert_array_equal(maps[0], maps[1])


def test_carries_a_caution():
    """The legend says that the maps hardly depend on what was learned."""
    model = models.weighted(models.residual())

    (found,) = models.explained(GuidedBackprop(), model, models.pictures())

    assert found.facts["caution"].startswith("Guided backpropagation fails sanity checks")
    assert not found.signed


def test_differs_from_the_gradient():
    """It is no gradient by another name."""
    model, samples = models.weighted(models.plain()), models.pictures()

    (found,) = models.explained(GuidedBackprop(), model, samples, targets=1)

    gradient = Saliency().explain(model, samples, targets=1)
    assert np.abs(found.values - gradient.values).max() > 0.1 * gradient.values.max()


def test_attention_and_normalisation_keep_their_gradient():
    """Between ReLUs anything of Keras without one of its own may stand."""
    images = keras.Input((8, 8, 3))
    tokens = layers.Reshape((16, 8))(layers.Conv2D(8, 3, strides=2, padding="same")(images))
    tokens = tokens + layers.MultiHeadAttention(2, 4)(layers.LayerNormalization()(tokens), tokens)
    tokens = layers.Dense(8, activation="relu")(tokens)
    model = keras.Model(images, layers.Dense(3)(layers.GlobalAveragePooling1D()(tokens)))

    (found,) = models.explained(GuidedBackprop(), models.weighted(model), models.pictures())

    assert (found.values > 0).any()


def test_a_model_without_relu_is_refused():
    """The map would be the gradient, and called something else."""
    model = models.weighted(models.plain("tanh"))

    with pytest.raises(ValueError, match=r"there is none.*Saliency.*Received: GuidedBackprop"):
        models.explained(GuidedBackprop(), model, models.pictures())


@pytest.mark.parametrize(
    ("step", "named"),
    [
        (lambda: layers.Lambda(keras.ops.relu, name="mine"), "'mine' of type Lambda"),
        (lambda: layers.Maximum(name="most"), "'most' of type Maximum"),
        (lambda: layers.Dense(5, activation=lambda x: keras.ops.relu(x), name="odd"), "'odd'"),
    ],
)
def test_refuses_where_a_relu_may_hide(step, named):
    """A function of the user, or a maximum, may be a ReLU."""
    layer = step()
    images = keras.Input((8, 8, 3))
    grid = layers.Conv2D(5, 3, activation="relu")(images)
    grid = layer([grid, grid]) if isinstance(layer, layers.Maximum) else layer(grid)
    model = keras.Model(images, layers.Dense(3)(layers.GlobalAveragePooling2D()(grid)))

    with pytest.raises(ValueError, match=f"{named}.*InputXGradient.*Received: GuidedBackprop"):
        models.explained(GuidedBackprop(), model, models.pictures())
