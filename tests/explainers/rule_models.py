"""Models that rules go back through, and what runs them."""

import keras
import numpy as np
from keras import layers

from tb_explain.execution.rule_runner import RuleRunner
from tb_explain.probe import Probe

if keras.backend.backend() == "jax":
    import jax

    # Each test compiles a program of its own, and runs it once.
    jax.config.update("jax_disable_most_optimizations", True)


def explained(explainer, model, samples, **settings):
    """Returns the explanations of all targets, by rules alone."""
    settings.setdefault("targets", "predicted")
    probe = Probe(model, samples, **settings)
    try:
        results = RuleRunner(probe, [explainer]).run({1})
    finally:
        probe.release()
    for result in results:
        if result.error is not None:
            raise result.error
    return [result.explanation for result in results]


def largest_share(found, expected):
    """Returns the largest difference as a share of the largest value."""
    return np.abs(found - expected).max() / np.abs(expected).max()


def pictures(count=3, rows=8, cols=8, channels=3):
    return np.random.default_rng(3).random((count, rows, cols, channels), dtype=np.float32)


def weighted(model, *, bias=True):
    """Returns a model with weights of a usual size; statistics and slopes are positive."""
    random = np.random.default_rng(5)
    for variable in model.weights:
        shape = tuple(variable.shape)
        name = variable.path.split("/")[-1]
        values = random.normal(size=shape) * (2 / max(1, np.prod(shape[:-1]))) ** 0.5
        if len(shape) < 2:
            values = random.normal(size=shape) / 10 * float(bias)
        if name in ("gamma", "moving_variance", "variance"):
            values = random.uniform(0.5, 1.5, shape)
        if "seed" not in name:
            variable.assign(values.astype("float32"))
    return model


def plain(activation="relu", *, head=None):
    """A convolution, max pooling, and two dense layers."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(6, 3, padding="same", activation=activation, name="conv"),
            layers.MaxPooling2D(name="pool"),
            layers.Flatten(),
            layers.Dense(7, activation=activation, name="hidden"),
            layers.Dense(4, activation=head, name="head"),
        ]
    )


def normalised():
    """A convolution with batch normalisation behind and in front of it."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(6, 3, use_bias=False, name="conv"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4, activation="softmax"),
        ]
    )


def residual():
    """Rescaling, batch norms behind and in front of convolutions, an addition, mean pooling."""
    images = keras.Input((8, 8, 3))
    first = layers.Conv2D(6, 3, padding="same", use_bias=False)(layers.Rescaling(2.0, -1.0)(images))
    first = layers.ReLU(max_value=6.0)(layers.BatchNormalization()(first))
    second = layers.DepthwiseConv2D(3, padding="same", activation="relu")(first)
    second = layers.Conv2D(6, 1)(layers.BatchNormalization()(second))
    joined = layers.Activation("relu")(first + second)
    joined = layers.SeparableConv2D(5, 3, strides=2, padding="same")(joined)
    joined = layers.AveragePooling2D(2)(layers.LeakyReLU()(joined))
    return keras.Model(images, layers.Dense(4, activation="softmax")(pooled(joined)))


def pooled(grid):
    return layers.GlobalAveragePooling2D()(grid)


def two_ways():
    """Two branches that are concatenated: up and down, transposed, cropped and padded."""
    images = keras.Input((8, 8, 3))
    down = layers.Conv2D(4, 3, strides=2, padding="same", activation="silu")(images)
    up = layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="gelu")(down)
    other = layers.Cropping2D(1)(layers.ZeroPadding2D(1)(images))
    other = layers.UpSampling2D()(layers.MaxPooling2D()(layers.Conv2D(4, 1)(other)))
    both = layers.Concatenate()([up, other, layers.Subtract()([up, other])])
    both = layers.Dropout(0.5)(layers.PReLU(shared_axes=(1, 2))(both))
    mixed = layers.Conv2D(5, 3, dilation_rate=2, activation="tanh")(both)
    return keras.Model(images, layers.Dense(4)(layers.GlobalMaxPooling2D()(mixed)))


def signal():
    """Convolutions of one axis, causal and separable."""
    values = keras.Input((8, 3))
    seen = layers.Conv1D(4, 3, padding="causal", activation="relu")(values)
    seen = layers.MaxPooling1D()(layers.SeparableConv1D(5, 3, padding="same")(seen))
    return keras.Model(values, layers.Dense(4)(layers.Flatten()(seen)))


def dense_net(activation, *, bias=True):
    """Two dense layers on grey pictures."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(6, activation=activation, use_bias=bias),
            layers.Dense(4, use_bias=bias),
        ]
    )


def excited():
    """Channels weighed by what all places say of them."""
    images = keras.Input((8, 8, 3))
    grid = layers.Conv2D(6, 3, activation="hard_silu")(images)
    weights = layers.Dense(6, activation="sigmoid")(layers.Dense(2, "relu")(pooled(grid)))
    grid = layers.Multiply()([grid, layers.Reshape((1, 1, 6))(weights)])
    return keras.Model(images, layers.Dense(4)(pooled(grid * layers.Conv2D(6, 1)(grid))))
