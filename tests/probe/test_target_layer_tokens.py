"""The layer that maps explain when none is named, in transformers and hybrids."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tests.probe.attending import Patches
from tests.probe.formulas import ActivationAndGradient, observe

WIDTH = 8


class OwnAttention(layers.MultiHeadAttention):
    """A subclass of the user's."""


class SelfAttention(layers.Layer):
    """Attention by hand, called like what it is."""

    def __init__(self, name):
        super().__init__(name=name)
        self.mixing = layers.Dense(3 * WIDTH, name="mixing")

    def call(self, tokens):
        query, key, value = keras.ops.split(self.mixing(tokens), 3, -1)
        scores = keras.ops.matmul(query, keras.ops.swapaxes(key, 1, 2))
        return keras.ops.matmul(keras.ops.softmax(scores), value)


def own(name):
    return lambda tokens: OwnAttention(2, 4, name=name)(tokens, tokens)


def by_hand(name):
    return SelfAttention(name)


def of_keras(name):
    return lambda tokens: layers.MultiHeadAttention(2, 4, name=name)(tokens, tokens)


def of_one_head(name):
    return lambda tokens: layers.Attention(name=name)([tokens, tokens])


def blocks(tokens, attend=of_keras):
    for index in range(2):
        normal = layers.LayerNormalization(name=f"before_{index}")(tokens)
        kept = layers.Dropout(0.1, name=f"dropout_{index}")(normal)
        tokens = tokens + attend(f"attention_{index}")(kept)
        normal = layers.LayerNormalization(name=f"between_{index}")(tokens)
        tokens = tokens + layers.Dense(WIDTH, activation="gelu", name=f"mixed_{index}")(normal)
    return layers.LayerNormalization(name="final")(tokens)


def class_token(tokens):
    return tokens[:, 0]


def mean(tokens):
    return layers.GlobalAveragePooling1D()(tokens)


def flat(tokens):
    return layers.Flatten()(tokens)


def vision_transformer(leading, read, attend=of_keras):
    image = keras.Input((16, 12, 3))
    tokens = blocks(Patches(3, 4, leading)(image), attend)
    return keras.Model(image, layers.Dense(3, activation="softmax")(read(tokens)))


def explained(model):
    """Returns the layer by rule with its reason, and the gradient for it."""
    samples = np.random.default_rng(0).random((2, *model.input_shape[1:]), dtype=np.float32)
    observation, probe = observe(model, samples, ActivationAndGradient(), targets=1)
    gradient = observation.arrays[0][0]["gradient"]
    return (probe.layers.target, probe.layers.target_reason), gradient


@pytest.mark.parametrize(
    ("leading", "read", "attend"),
    [
        (1, class_token, of_keras),
        (5, class_token, of_keras),
        (0, mean, of_keras),
        (1, mean, of_keras),
        (0, flat, of_keras),
        (1, class_token, of_one_head),
        (1, class_token, own),
        (1, class_token, by_hand),
    ],
    ids=[
        "class token",
        "registers",
        "mean",
        "mean with a class token",
        "flattened",
        "Attention",
        "subclass",
        "by hand",
    ],
)
def test_a_transformer_gives_its_last_tokens_before_attention(leading, read, attend):
    """Whatever stands before the patches or reads them, each patch has a gradient there."""
    found, gradient = explained(vision_transformer(leading, read, attend))

    assert found == ("before_1", "the last tokens before the last attention")
    assert gradient.shape == (2, 4, 3, WIDTH)
    assert (np.abs(gradient).max(-1) > 0).all()


def stem(image):
    return layers.Conv2D(WIDTH, 5, strides=4, padding="same", activation="relu")(image)


def test_a_stem_of_convolutions_gives_its_tokens():
    """The transformer behind the convolutions knows more than they do."""
    image = keras.Input((16, 12, 3))
    tokens = blocks(layers.Reshape((12, WIDTH))(stem(image)))
    found, gradient = explained(keras.Model(image, layers.Dense(3)(mean(tokens))))

    assert found == ("before_1", "the last tokens before the last attention")
    assert gradient.shape == (2, 4, 3, WIDTH)


def test_a_convolution_behind_attention_is_the_last():
    """Tokens that become rows and columns again are explained there."""
    image = keras.Input((16, 12, 3))
    tokens = blocks(layers.Reshape((12, WIDTH))(stem(image)))
    grid = layers.Reshape((4, 3, WIDTH))(tokens)
    grid = layers.Conv2D(6, 3, padding="same", activation="relu", name="behind")(grid)
    pooled = layers.GlobalAveragePooling2D()(grid)
    found, gradient = explained(keras.Model(image, layers.Dense(3)(pooled)))

    assert found == ("behind", "the last layer with rows and columns")
    assert gradient.shape == (2, 4, 3, 6)


class Latents(layers.Layer):
    """Tokens of its own, that look at others."""

    def build(self, shape):
        self.latents = self.add_weight(shape=(1, 5, WIDTH), name="latents")

    def call(self, tokens):
        return keras.ops.broadcast_to(self.latents, (keras.ops.shape(tokens)[0], 5, WIDTH))


def test_queries_of_a_decoder_are_no_patches():
    """The patches at which they look have a place in the picture, and they have none."""
    image = keras.Input((16, 12, 3))
    tokens = blocks(layers.Reshape((12, WIDTH))(stem(image)))
    latents = layers.LayerNormalization(name="normal_latents")(Latents()(tokens))
    read = layers.MultiHeadAttention(2, 4, name="decoder")(latents, tokens)
    found, gradient = explained(keras.Model(image, layers.Dense(3)(mean(read))))

    assert found == ("final", "the last tokens before the last attention")
    assert gradient.shape == (2, 4, 3, WIDTH)


def heads(tokens):
    return keras.ops.transpose(keras.ops.reshape(tokens, (-1, 12, 2, 4)), (0, 2, 1, 3))


def test_heads_and_scores_of_hand_written_attention_are_no_rows_and_columns():
    """Operations on heads have four axes, none of them of the picture."""
    image = keras.Input((16, 12, 3))
    tokens = layers.Reshape((12, WIDTH))(stem(image))
    query, key, value = (heads(layers.Dense(WIDTH)(tokens)) for _ in range(3))
    scores = keras.ops.matmul(query, keras.ops.transpose(key, (0, 1, 3, 2)))
    mixed = keras.ops.matmul(layers.Softmax()(scores * 0.5), value)
    mixed = keras.ops.reshape(keras.ops.transpose(mixed, (0, 2, 1, 3)), (-1, 12, WIDTH))
    tokens = layers.LayerNormalization(name="final")(tokens + mixed)
    found, gradient = explained(keras.Model(image, layers.Dense(3)(mean(tokens))))

    assert found == ("final", "the last tokens of patches")
    assert gradient.shape == (2, 4, 3, WIDTH)


@pytest.mark.parametrize(("shape", "target"), [((16, 12), (16, 12, 1)), ((16, 36), (16, 12, 3))])
def test_pictures_that_were_stored_flat_are_no_heads(shape, target):
    """An axis of channels that is made of columns leaves rows and columns."""
    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Rescaling(2.0),
            layers.Reshape(target, name="picture"),
            layers.MaxPooling2D(name="pooled"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    probe = Probe(model, np.zeros((1, *shape), np.float32), targets=0)

    assert probe.layers.find("picture", received="").grid == target


def test_recurrent_layers_behind_a_grid_are_passed_over():
    """They carry what they saw from place to place."""
    image = keras.Input((16, 12, 3))
    grid = layers.Conv2D(WIDTH, 4, strides=4, name="grid")(image)
    states = layers.GRU(4, return_sequences=True)(layers.Reshape((12, WIDTH))(grid))
    found, _ = explained(keras.Model(image, layers.Dense(3)(mean(states))))

    assert found == ("grid", "the last layer with rows and columns")
