"""The network of the demo: small enough to train on two cores, deep enough to be looked into."""

# Keras is not annotated:
# pyright: reportUnknownMemberType=false, reportArgumentType=false

import keras
from keras import layers


def make_model(*, size: int, classes: int) -> keras.Model:
    """Returns a compiled convolutional network with a grid of `size / 8` at its last layer.

    Args:
        size: Rows and columns of the pictures.
        classes: Number of classes.
    """
    model = keras.Sequential([keras.Input((size, size, 3), name="picture")], name="digits")
    for block, filters in enumerate((16, 32, 64), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{block}"))
        model.add(layers.BatchNormalization(name=f"norm{block}"))
        model.add(layers.ReLU(name=f"relu{block}"))
        model.add(layers.MaxPooling2D(name=f"pool{block}"))
    model.add(layers.Conv2D(64, 3, padding="same", activation="relu", name="conv4"))
    model.add(layers.GlobalMaxPooling2D(name="strongest"))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    model.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
