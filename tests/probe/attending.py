"""Models that attend, and attention from its definition."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from tb_explain.probe.needs import Needs
from tests.probe.formulas import observe

TOKENS, WIDTH = 6, 8
CLOSE = {"rtol": 1e-5, "atol": 1e-6}


@dataclass(frozen=True)
class Attended:
    """Returns the attention of layers, and the gradient for it if it is asked for."""

    paths: tuple[str, ...]
    gradients: bool = False

    def needs(self, layers):
        return Needs(attention=self.paths, attention_gradients=self.paths if self.gradients else ())

    def maps(self, seen, ops):
        found = {path: seen.attention(path) for path in self.paths}
        if self.gradients:
            found |= {f"{path} gradient": seen.attention_gradient(path) for path in self.paths}
        return found


def attention_of(model, samples, *paths, gradients=False, **settings):
    """Returns the attention of each layer, and the table of layers."""
    observation, probe = observe(model, samples, Attended(paths, gradients), **settings)
    assert not observation.failures, observation.failures
    return observation.arrays[0][0], probe.layers


def sequences(samples=3, tokens=TOKENS):
    return np.random.default_rng(3).normal(size=(samples, tokens, WIDTH)).astype(np.float32)


def softmax(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def causal():
    return np.tril(np.ones((TOKENS, TOKENS), bool))


def projected(dense, tokens):
    kernel, bias = (keras.ops.convert_to_numpy(one) for one in dense.get_weights())
    return np.einsum("btc,chd->bthd", tokens, kernel) + bias


def multi_head_weights(layer, query, value, *, mask=None):
    """Returns the attention of a layer of several heads, from its definition."""
    query, key = projected(layer._query_dense, query), projected(layer._key_dense, value)
    key = np.repeat(key, query.shape[2] // key.shape[2], axis=2)
    scores = np.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(query.shape[-1])
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf))


def single_head_weights(query, value):
    return softmax(np.einsum("bqc,bkc->bqk", query, value))[:, None]


def model_of(attend, *, tokens=TOKENS):
    """A model that attends over tokens, and reads their mean."""
    keras.utils.set_random_seed(5)
    given = keras.Input((tokens, WIDTH))
    mixed = layers.GlobalAveragePooling1D()(given + attend(given))
    return keras.Model(given, layers.Dense(3, activation="softmax")(mixed), name="mixing")


def multi_head(**settings):
    return layers.MultiHeadAttention(2, 4, name="attention", **settings)


def grouped(**settings):
    return layers.GroupQueryAttention(4, 4, 2, name="attention", **settings)


class Patches(layers.Layer):
    """Makes tokens of patches, with tokens of its own in front."""

    def __init__(self, colours, size, leading, *, by_reshape=False):
        super().__init__(name="patches")
        self.size, self.leading = size, leading
        self.project = layers.Dense(WIDTH) if by_reshape else layers.Conv2D(WIDTH, size, size)
        self.project.build((None, size * size * colours) if by_reshape else (None, 9, 9, colours))
        self.by_reshape = by_reshape
        self.extra = self.add_weight(shape=(1, leading, WIDTH), name="extra")

    def call(self, images):
        ops = keras.ops
        samples, rows, cols, colours = ops.shape(images)
        down, across = rows // self.size, cols // self.size
        if self.by_reshape:
            cut = ops.reshape(images, (samples, down, self.size, across, self.size, colours))
            cut = ops.transpose(cut, (0, 1, 3, 2, 4, 5))
            images = ops.reshape(cut, (samples, down * across, -1))
        patches = ops.reshape(self.project(images), (samples, down * across, WIDTH))
        extra = ops.broadcast_to(self.extra, (samples, self.leading, WIDTH))
        return ops.concatenate([extra, patches], axis=1)
