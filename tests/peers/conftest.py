"""Networks that other libraries can explain too; their places are those of the input."""

import keras
import numpy as np
import pytest


def network(activation):
    """Returns a network without pooling before its last convolution, so that nobody resizes."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((8, 7, 3)),
            keras.layers.Conv2D(5, 3, padding="same", activation=activation, name="first"),
            keras.layers.Conv2D(6, 3, padding="same", activation=activation, name="last"),
            keras.layers.GlobalAveragePooling2D(name="mean"),
            keras.layers.Dense(4, bias_initializer="random_normal", name="head"),
        ],
        name="compared",
    )


@pytest.fixture(scope="session")
def rectified():
    """The network with ReLUs."""
    return network("relu")


@pytest.fixture(scope="session")
def smooth():
    """The network without kinks, on which an integral converges."""
    return network("gelu")


@pytest.fixture(scope="session")
def pictures():
    """Five samples."""
    return np.random.default_rng(4).normal(size=(5, 8, 7, 3)).astype(np.float32)


@pytest.fixture(scope="session")
def classes():
    """A class for each."""
    return [0, 1, 2, 3, 1]
