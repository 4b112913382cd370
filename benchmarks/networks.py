"""Small networks of different kinds for pictures of 32 x 32."""

import keras
from keras import layers

SIZE = 32


def normalised(classes: int) -> keras.Model:
    """Returns a network with batch normalization."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3))], name="normalised")
    for block, filters in enumerate((16, 32, 64), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{block}"))
        model.add(layers.BatchNormalization(name=f"norm{block}"))
        model.add(layers.ReLU(name=f"relu{block}"))
        model.add(layers.MaxPooling2D(name=f"pool{block}"))
    model.add(layers.GlobalMaxPooling2D(name="strongest"))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    return model


def plain(classes: int) -> keras.Model:
    """Returns a network without normalization, with a dense layer behind its maps."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3))], name="plain")
    for block, filters in enumerate((16, 32, 48), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{block}"))
        model.add(layers.MaxPooling2D(name=f"pool{block}"))
    model.add(layers.Flatten(name="flat"))
    model.add(layers.Dense(64, activation="relu", name="dense"))
    model.add(layers.Dropout(0.3, name="dropout"))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    return model


def residual(classes: int) -> keras.Model:
    """Returns a network with shortcuts."""
    picture = keras.Input((SIZE, SIZE, 3))
    x = layers.Conv2D(24, 3, padding="same", activation="relu", name="stem")(picture)
    for block in range(3):
        x = layers.MaxPooling2D(name=f"pool{block}")(x) if block else x
        y = layers.Conv2D(24, 3, padding="same", activation="relu", name=f"first{block}")(x)
        y = layers.Conv2D(24, 3, padding="same", name=f"second{block}")(y)
        y = layers.BatchNormalization(name=f"norm{block}")(y)
        x = layers.ReLU(name=f"relu{block}")(layers.Add(name=f"add{block}")([x, y]))
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(
        picture, layers.Dense(classes, activation="softmax", name="digit")(x), name="residual"
    )
