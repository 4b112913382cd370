"""A model whose every weight and gradient is known, and what a contract is checked on."""

import keras
import numpy as np
import pytest
from worlds import TransformerWorld, World


@pytest.fixture(scope="session")
def convolution_world():
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
def convolution_model(convolution_world):
    """The model of the world, with a softmax behind its scores."""
    world = convolution_world
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


@pytest.fixture(scope="session")
def world(convolution_world):
    """The world that most explainers are checked on."""
    return convolution_world


@pytest.fixture(scope="session")
def model(convolution_model):
    """The model of that world."""
    return convolution_model


@pytest.fixture(scope="session")
def transformer_world():
    """Six samples of a transformer of two blocks and two heads, six patches and a class token."""
    random = np.random.default_rng(8)

    def normal(*shape):
        return random.normal(size=shape).astype(np.float32) / 2

    return TransformerWorld(
        patch=normal(2, 2, 2, 6),
        token=normal(6),
        blocks=tuple(
            {
                "query": normal(6, 2, 3),
                "key": normal(6, 2, 3),
                "value": normal(6, 2, 3),
                "output": normal(2, 3, 6),
                "dense": normal(6, 6),
            }
            for _ in range(2)
        ),
        head=normal(6, 4),
        samples=random.normal(size=(6, 6, 4, 2)).astype(np.float32),
        targets=np.array([0, 1, 2, 3, 0, 1]),
    )


class ClassToken(keras.layers.Layer):
    """Puts a learnt token in front of the others."""

    def build(self, shape):
        self.token = self.add_weight(shape=(1, 1, shape[-1]), name="token")

    def call(self, tokens):
        samples, _, width = keras.ops.shape(tokens)
        token = keras.ops.broadcast_to(self.token, (samples, 1, width))
        return keras.ops.concatenate([token, tokens], axis=1)


@pytest.fixture(scope="session")
def transformer_model(transformer_world):
    """The model of the world, with a softmax behind its scores."""
    layers, world = keras.layers, transformer_world
    image = keras.Input((6, 4, 2))
    tokens = layers.Conv2D(6, 2, strides=2, use_bias=False, name="patches")(image)
    tokens = ClassToken(name="token")(layers.Reshape((6, 6))(tokens))
    for index in range(len(world.blocks)):
        attend = layers.MultiHeadAttention(2, 3, use_bias=False, name=f"attention_{index}")
        tokens = layers.Add()([tokens, attend(tokens, tokens)])
        dense = layers.Dense(6, activation="tanh", use_bias=False, name=f"dense_{index}")
        tokens = layers.Add()([tokens, dense(tokens)])
    head = layers.Dense(4, activation="softmax", use_bias=False, name="head")
    model = keras.Model(image, head(tokens[:, 0]), name="known")
    model.get_layer("patches").set_weights([world.patch])
    model.get_layer("token").set_weights([world.token[None, None]])
    for index, block in enumerate(world.blocks):
        kernels = [block[name] for name in ("query", "key", "value", "output")]
        model.get_layer(f"attention_{index}").set_weights(kernels)
        model.get_layer(f"dense_{index}").set_weights([block["dense"]])
    head.set_weights([world.head])
    return model
