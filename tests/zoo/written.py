"""The ways to write one and the same network down."""

import keras
from keras import layers

from tb_explain.probe import Neuron
from tests.zoo.case import SIDE, Case, base, chained, conv, features, head, image, pictures


def flat_functional():
    x = image()
    return Case(keras.Model(x, chained(x, *features(), *head())), pictures(), (6, 6))


def neurons():
    """Explains a channel of a layer, and one of the vector behind it, instead of an output."""
    x = image()
    model = keras.Model(x, chained(x, *features(), *head()))
    return Case(model, pictures(), (6, 6), targets=(Neuron("last", 2), Neuron("mean", 1)))


def sequential_built():
    model = keras.Sequential([image(), *features(), *head()])
    return Case(model, pictures(), (6, 6))


def sequential_unbuilt():
    model = keras.Sequential([keras.Sequential(features(), name="base"), *head()])
    return Case(model, pictures(), (6, 6))


def nested_base():
    x = image()
    return Case(keras.Model(x, chained(x, base(), *head())), pictures(), (6, 6))


def nested_twice():
    x = image()
    middle = keras.Model(x, chained(x, base("inner")), name="middle")
    model = keras.Sequential([image(), layers.Rescaling(2.0, offset=-1.0), middle, *head()])
    return Case(model, pictures(), (6, 6))


class ListOfLayers(keras.Model):
    """Holds its layers in lists, one of them in a dictionary."""

    def __init__(self):
        super().__init__()
        self.parts = features()
        self.ends = {"ends": head()}

    def call(self, images):
        return chained(images, *self.parts, *self.ends["ends"])


def subclassed_lists():
    return Case(ListOfLayers(), pictures(), (6, 6))


class Residual(layers.Layer):
    """A block of the user with a sum in its own code."""

    def __init__(self):
        super().__init__(name="residual")
        self.inner = base("inner", size=(SIDE, SIDE, 4))
        self.short = layers.Conv2D(6, 1, strides=2, name="short")

    def call(self, values, training=None):
        return keras.ops.relu(self.inner(values, training=training) + self.short(values))


class WithBlocks(keras.Model):
    """Calls a block that holds a nested model."""

    def __init__(self):
        super().__init__()
        self.stem = conv(4, name="stem")
        self.block = Residual()
        self.ends = head()

    def call(self, images, training=None, mask=None):
        return chained(self.block(self.stem(images), training=training), *self.ends)


def subclassed_nested():
    return Case(WithBlocks(), pictures(), (6, 6))


def shared_layer():
    x, shared = image(), conv(4, name="shared")
    values = shared(conv(4, name="first")(x))
    return Case(keras.Model(x, chained(shared(values), *head())), pictures(), (12, 12))


def siamese():
    left, right, twin = image(), image(), base("twin")
    pooled = [layers.GlobalAveragePooling2D()(twin(side)) for side in (left, right)]
    distance = layers.Subtract()(pooled)
    model = keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance))
    samples = [pictures(), pictures(seed=8)]
    return Case(model, samples, (6, 6), loss="binary_crossentropy")


def tf_function():
    import tensorflow as tf

    class Compiled(ListOfLayers):
        """Compiles its own call."""

        @tf.function
        def call(self, images):
            return chained(images, *self.parts, *self.ends["ends"])

    return Case(Compiled(), pictures(), (6, 6))


def rematerialised():
    with keras.RematScope(mode="full"):
        x = image()
        return Case(keras.Model(x, chained(x, *features(), *head())), pictures(), (6, 6))


def frozen_base():
    inner = base()
    inner.trainable = False
    return Case(keras.Sequential([image(), inner, *head()]), pictures(), (6, 6))


def everything_frozen():
    x = image()
    model = keras.Model(x, chained(x, *features(), *head()))
    model.trainable = False
    return Case(model, pictures(), (6, 6))


def fixed_batch():
    x = keras.Input(batch_shape=(2, SIDE, SIDE, 3))
    return Case(keras.Model(x, chained(x, *features(), *head())), pictures(), (6, 6))


def augmentation_inside():
    random = [layers.RandomFlip(seed=1), layers.RandomRotation(0.2, seed=2)]
    model = keras.Sequential([image(), *random, layers.GaussianNoise(0.3), *features(), *head()])
    return Case(model, pictures(), (6, 6))


def norm_and_dropout():
    model = keras.Sequential(
        [
            image(),
            conv(5, use_bias=False, bias_initializer="zeros", activation=None, name="conv"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SpatialDropout2D(0.3, seed=1),
            layers.Flatten(),
            layers.Dropout(0.5, seed=2),
            layers.Dense(3, activation="softmax"),
        ]
    )
    return Case(model, pictures(), (12, 12))


WRITTEN = (
    flat_functional,
    neurons,
    sequential_built,
    sequential_unbuilt,
    nested_base,
    nested_twice,
    subclassed_lists,
    subclassed_nested,
    shared_layer,
    siamese,
    tf_function,
    rematerialised,
    frozen_base,
    everything_frozen,
    fixed_batch,
    augmentation_inside,
    norm_and_dropout,
)
