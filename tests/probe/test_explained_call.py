"""Layers that a pass calls several times, for several inputs."""

import keras
import numpy as np
import pytest

import tb_explain as tbx


@pytest.fixture
def twins():
    """A network that sees two pictures by the same layers, the second picture first."""
    keras.utils.set_random_seed(8)
    first, second = keras.Input((8, 8, 3), name="a"), keras.Input((8, 8, 3), name="b")
    twin = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="conv"),
        ],
        name="twin",
    )
    pool = keras.layers.GlobalAveragePooling2D()
    seen_second, seen_first = pool(twin(second)), pool(twin(first))
    joined = keras.layers.Concatenate()([seen_first, 3 * seen_second])
    return keras.Model([first, second], keras.layers.Dense(3, name="head")(joined))


@pytest.fixture
def pictures():
    random = np.random.default_rng(1)
    return [random.random((3, 8, 8, 3), dtype=np.float32) for _ in range(2)]


def test_the_call_that_sees_the_explained_input_is_explained(twins, pictures):
    """A map that lies over one picture is that of this picture, not of the other."""
    explanation = tbx.HiResCAM().explain(twins, pictures, targets=1)

    activation = keras.ops.convert_to_numpy(twins.get_layer("twin")(pictures[0]))
    weights = twins.get_layer("head").kernel[:5, 1] / 64
    expected = (activation * keras.ops.convert_to_numpy(weights)).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(explanation.values, expected, rtol=1e-5, atol=1e-6)
    assert "called 2 times" in explanation.facts["reason"]


def test_activations_are_those_of_the_explained_input(twins, pictures):
    """What is shown beside a picture was made of it."""
    explanation = tbx.Activations(layer="twin/conv", channels=5).explain(twins, pictures, targets=1)

    activation = keras.ops.convert_to_numpy(twins.get_layer("twin")(pictures[0]))
    for sample, channel, values in zip(
        explanation.samples, explanation.channels, explanation.values, strict=True
    ):
        np.testing.assert_allclose(values[..., 0], activation[sample, :, :, channel], rtol=1e-5)
