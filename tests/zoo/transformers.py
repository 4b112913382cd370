"""Transformers: with a class token, pooled, and behind convolutions."""

from typing import Any

import keras
from keras import layers, ops

from tests.zoo.case import CLASSES, Case, chained, conv, image, pictures

WIDTH = 8


class ClassToken(layers.Layer):
    """Puts a token of its own in front of the patches, and adds positions."""

    def build(self, shape: Any) -> None:
        self.token = self.add_weight(shape=(1, 1, WIDTH), initializer="random_normal")
        self.positions = self.add_weight(shape=(1, shape[1] + 1, WIDTH), initializer="uniform")

    def call(self, patches: Any) -> Any:
        token = ops.repeat(self.token, ops.shape(patches)[0], axis=0)
        return ops.concatenate([token, patches], axis=1) + self.positions


def attended(tokens: Any, index: int) -> Any:
    """Returns what one block of a transformer makes of tokens."""
    normed = layers.LayerNormalization(name=f"norm_{index}")(tokens)
    tokens = tokens + layers.MultiHeadAttention(2, 4, name=f"attention_{index}")(normed, normed)
    normed = layers.LayerNormalization(name=f"normed_{index}")(tokens)
    wide = layers.Dense(16, activation="gelu", name=f"wide_{index}")(normed)
    return tokens + layers.Dense(WIDTH, name=f"narrow_{index}")(wide)


def patches(values: Any) -> Any:
    cut = layers.Conv2D(WIDTH, 3, strides=3, name="patches")(values)
    return layers.Reshape((16, WIDTH))(cut)


def vit_class_token():
    x = image()
    tokens = attended(attended(ClassToken(name="token")(patches(x)), 0), 1)
    kept = layers.LayerNormalization(name="final")(tokens)[:, 0]
    model = keras.Model(x, layers.Dense(CLASSES, activation="softmax")(kept))
    return Case(model, pictures(), (4, 4))


def vit_mean():
    x = image()
    tokens = attended(attended(patches(x), 0), 1)
    pooled = layers.GlobalAveragePooling1D()(layers.LayerNormalization(name="final")(tokens))
    return Case(
        keras.Model(x, layers.Dense(CLASSES, activation="softmax")(pooled)), pictures(), (4, 4)
    )


def hybrid():
    x = image()
    values = chained(x, conv(WIDTH, name="stem"), layers.MaxPooling2D(3))
    mixed = layers.Attention(name="attention")([flat := layers.Reshape((16, WIDTH))(values), flat])
    pooled = layers.GlobalAveragePooling1D()(layers.Add()([flat, mixed]))
    return Case(
        keras.Model(x, layers.Dense(CLASSES, activation="softmax")(pooled)), pictures(), (4, 4)
    )


TRANSFORMERS = (vit_class_token, vit_mean, hybrid)
