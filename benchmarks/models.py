"""The models and samples that costs are measured on; weights are random, nothing is downloaded."""

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

Floats = npt.NDArray[np.float32]


def small_network() -> keras.Model:
    """Returns a convolutional network for pictures of 32 x 32, compiled."""
    model = keras.Sequential([keras.Input((32, 32, 3))], name="cnn32")
    for filters in (32, 64, 128):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return compiled(model)


def mobile_net() -> keras.Model:
    """Returns MobileNetV2 for pictures of 224 x 224, compiled."""
    return compiled(keras.applications.MobileNetV2(weights=None, classes=1000))


def res_net() -> keras.Model:
    """Returns ResNet50 for pictures of 224 x 224, compiled."""
    return compiled(keras.applications.ResNet50(weights=None, classes=1000))


def compiled(model: keras.Model) -> keras.Model:
    """Returns the model, ready to train."""
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    return model


def samples(model: keras.Model, count: int = 16) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Returns random pictures and labels that fit a model."""
    random = np.random.default_rng(0)
    images = random.random((count, *model.input_shape[1:]), dtype=np.float32)
    return images, random.integers(model.output_shape[-1], size=count)
