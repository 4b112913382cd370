"""Networks for all tasks: their heads, outputs and inputs."""

import keras
import numpy as np
from keras import layers, ops

from tb_explain.probe import Output
from tests.zoo.case import (
    CLASSES,
    SIDE,
    Case,
    base,
    chained,
    conv,
    features,
    head,
    image,
    pictures,
)


def image_and_vector():
    x, extra = image(), keras.Input((2,))
    joined = layers.Concatenate()([chained(x, *features(), *head(4, "relu")), extra])
    model = keras.Model([extra, x], layers.Dense(CLASSES, activation="softmax")(joined))
    return Case(model, [pictures(3, 2), pictures()], (6, 6))


def two_images():
    """The first picture is explained, though the convolutions of the second run last."""
    left, right = image(), image(8, 10, 1)
    others = [conv(4, name=f"other_{index}") for index in range(4)]
    sides = [chained(left, *features()), chained(right, *others)]
    joined = layers.Concatenate()([layers.GlobalMaxPooling2D()(side) for side in sides])
    model = keras.Model([left, right], layers.Dense(CLASSES, activation="softmax")(joined))
    return Case(model, [pictures(), pictures(3, 8, 10, 1)], (6, 6))


def dictionaries():
    x, age = keras.Input((SIDE, SIDE, 3), name="image"), keras.Input((2,), name="age")
    joined = layers.Concatenate()([chained(x, *features(), *head(4, "relu")), age])
    outputs = {
        "size": layers.Dense(1, name="size")(joined),
        "kind": layers.Dense(CLASSES, activation="softmax", name="kind")(joined),
    }
    model = keras.Model({"image": x, "age": age}, outputs)
    samples = {"age": pictures(3, 2), "image": pictures()}
    loss = {"size": "mse", "kind": "sparse_categorical_crossentropy"}
    return Case(model, samples, (6, 6), targets=(Output("kind"), Output("size")), loss=loss)


def several_outputs():
    x = image()
    values = chained(x, *features())
    kind = chained(values, *head())
    more = layers.Dense(5, name="logits")(layers.GlobalMaxPooling2D()(values))
    model = keras.Model(x, [kind, more])
    return Case(model, pictures(), (6, 6), targets=(0, Output("logits", 4)), loss=None)


def unet():
    x = image()
    fine = conv(4, name="down")(x)
    low = chained(fine, layers.MaxPooling2D(), conv(6, name="bottom"))
    up = layers.UpSampling2D(name="up")(low)
    joined = conv(4, name="joined")(layers.Concatenate()([fine, up]))
    model = keras.Model(x, layers.Conv2D(CLASSES, 1, activation="softmax", name="mask")(joined))
    labels = (pictures(3, SIDE, SIDE) * CLASSES).astype(np.int32)
    return Case(model, pictures(), (6, 6), targets=("label", 1), labels=labels)


def binary_mask():
    ends = layers.Conv2D(1, 1, activation="sigmoid", name="mask")
    model = keras.Sequential([image(), conv(4, name="first"), ends])
    return Case(model, pictures(), (12, 12), targets=1, loss="binary_crossentropy")


def transposed_decoder():
    decoder = [
        conv(6, strides=2, name="code"),
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu", name="up"),
        layers.Conv2D(3, 1, name="picture"),
    ]
    model = keras.Sequential([image(), *decoder])
    return Case(model, pictures(), (6, 6), targets=0, loss="mse")


def binary_sigmoid():
    model = keras.Sequential([image(), *features(), *head(1, "sigmoid")])
    targets = ("predicted", 0, 1)
    return Case(model, pictures(), (6, 6), targets=targets, loss="binary_crossentropy")


def one_value():
    model = keras.Sequential([image(), *features(), *head(1, None)])
    return Case(model, pictures(), (6, 6), loss="mse")


def several_labels():
    model = keras.Sequential([image(), *features(), *head(4, "sigmoid")])
    return Case(model, pictures(), (6, 6), targets=(2, "predicted"), loss="binary_crossentropy")


def logits():
    model = keras.Sequential([image(), *features(), *head(CLASSES, None)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return Case(model, pictures(), (6, 6), loss=loss)


def softmax_layer():
    ends = [*head(CLASSES, None), layers.Activation("softmax"), layers.Reshape((CLASSES,))]
    return Case(keras.Sequential([image(), *features(), *ends]), pictures(), (6, 6))


def lambda_head():
    ends = layers.Lambda(lambda z: keras.ops.exp(z) / keras.ops.sum(keras.ops.exp(z), -1)[:, None])
    model = keras.Sequential([image(), *features(), *head(CLASSES, None), ends])
    return Case(model, pictures(), (6, 6))


def classes_in_front():
    """Classes on the first axis of places, moved last behind the softmax."""
    x = image()
    values = layers.Conv2D(CLASSES, 1, name="scores")(chained(x, *features()))
    first = layers.Softmax(axis=1)(layers.Permute((3, 1, 2))(values))
    model = keras.Model(x, layers.Permute((2, 3, 1))(first))
    return Case(model, pictures(), (6, 6))


def contrastive():
    """Two towers, of which the first is explained, compared in the model's own code."""
    left, right = base("left"), keras.Sequential([image(), conv(6, name="other")], name="right")

    class Towers(keras.Model):
        """Compares pooled features by a product."""

        def __init__(self):
            super().__init__()
            self.left, self.right = left, right

        def call(self, inputs):
            a, b = inputs
            pooled = [ops.mean(self.left(a), (1, 2)), ops.mean(self.right(b), (1, 2))]
            return ops.sum(pooled[0] * pooled[1], axis=-1, keepdims=True)

    samples = [pictures(), pictures(seed=8)]
    return Case(Towers(), samples, (6, 6), targets=lambda outputs: outputs[:, 0], loss=None)


TASKS = (
    image_and_vector,
    two_images,
    dictionaries,
    several_outputs,
    unet,
    binary_mask,
    transposed_decoder,
    binary_sigmoid,
    one_value,
    several_labels,
    logits,
    softmax_layer,
    lambda_head,
    classes_in_front,
    contrastive,
)
