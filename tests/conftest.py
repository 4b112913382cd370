"""Small models and samples that several rooms test with."""

import keras
import numpy as np
import pytest


@pytest.fixture
def images():
    """Eight pictures of 16 x 16 pixels, in 0..1."""
    return np.random.default_rng(0).random((8, 16, 16, 3), dtype=np.float32)


@pytest.fixture
def labels():
    """Classes of the eight pictures, of three."""
    return np.array([0, 1, 2, 0, 1, 2, 0, 1])


@pytest.fixture
def classifier():
    """Returns a function that builds the same compiled network each time."""

    def build(**compile_settings):
        keras.utils.set_random_seed(1)
        model = keras.Sequential(
            [
                keras.Input((16, 16, 3)),
                keras.layers.Conv2D(6, 3, padding="same", activation="relu", name="conv1"),
                keras.layers.BatchNormalization(name="norm"),
                keras.layers.MaxPooling2D(name="pool"),
                keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="conv2"),
                keras.layers.Dropout(0.3, seed=4, name="dropout"),
                keras.layers.GlobalAveragePooling2D(name="mean"),
                keras.layers.Dense(3, activation="softmax", name="head"),
            ],
            name="small",
        )
        model.compile(
            keras.optimizers.Adam(1e-2),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
            **compile_settings,
        )
        return model

    return build
