"""A model whose every weight and gradient is known, and what a contract is checked on."""

import keras
import numpy as np
import pytest
from worlds import World


@pytest.fixture(scope="session")
def world():
    """Six samples of a convolution with a ReLU and a flattened linear head of four classes."""
    random = np.random.default_rng(7)
    return World(
        kernel=random.normal(size=(3, 3, 2, 3)).astype(np.float32),
        bias=random.normal(size=3).astype(np.float32) / 4,
        head=random.normal(size=(6, 5, 3, 4)).astype(np.float32) / 4,
        samples=random.normal(size=(6, 6, 5, 2)).astype(np.float32),
        targets=np.array([0, 1, 2, 3, 0, 1]),
    )


@pytest.fixture(scope="session")
def model(world):
    """The model of the world, with a softmax behind its scores."""
    model = keras.Sequential(
        [
            keras.Input((6, 5, 2)),
            keras.layers.Conv2D(3, 3, padding="same", activation="relu", name="conv"),
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(4, activation="softmax", name="head"),
        ],
        name="known",
    )
    model.set_weights(
        [world.kernel, world.bias, world.head.reshape(-1, 4), np.zeros(4, np.float32)]
    )
    return model
