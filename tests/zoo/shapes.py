"""Networks of all shapes: series, signals, volumes, precisions, families."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from keras.src.applications.convnext import ConvNeXt
from keras.src.applications.densenet import DenseNet
from keras.src.applications.efficientnet_v2 import EfficientNetV2

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


def op_nodes():
    x = image()
    values = layers.Conv2D(6, 2, strides=2, name="stem")(x)
    for index in range(2):
        inner = layers.DepthwiseConv2D(3, padding="same", name=f"depthwise_{index}")(values)
        inner = layers.LayerNormalization()(inner)
        inner = ops.gelu(layers.Dense(12, name=f"wide_{index}")(inner))
        values = values + 0.5 * layers.Dense(6, name=f"narrow_{index}")(inner)
    pooled = ops.mean(values, axis=(1, 2))
    return Case(keras.Model(x, ops.softmax(layers.Dense(CLASSES)(pooled))), pictures(), (6, 6))


def depthwise_and_separable():
    parts = [
        layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu6"),
        layers.SeparableConv2D(5, 3, strides=2, activation="relu", name="separable"),
    ]
    return Case(keras.Sequential([image(), *parts, *head()]), pictures(), (5, 5))


def series_of_pictures():
    parts = [
        keras.Input((3, SIDE, SIDE, 3)),
        layers.TimeDistributed(base("frame"), name="each"),
        layers.TimeDistributed(layers.GlobalAveragePooling2D()),
        layers.LSTM(4),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    return Case(
        keras.Sequential(parts),
        pictures(2, 3, SIDE, SIDE, 3),
        None,
        None,
        refusal=r"is a volume.*Reshape\(\(3, 12, 12, 3\)\)",
    )


def volume():
    parts = [
        keras.Input((4, 6, 5, 1)),
        layers.Conv3D(3, 3, padding="same", activation="relu"),
        layers.GlobalAveragePooling3D(),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    return Case(
        keras.Sequential(parts),
        pictures(2, 4, 6, 5, 1),
        None,
        None,
        refusal=r"is a volume.*Reshape\(\(4, 6, 5, 1\)\)",
    )


def slices_of_a_volume():
    """What the refusal of a volume says would do."""
    of_volumes = volume()
    tall = layers.Reshape((4, 6, 5, 1))
    model = keras.Sequential([keras.Input((24, 5, 1)), tall, of_volumes.model])
    return Case(
        model, of_volumes.samples.reshape(-1, 24, 5, 1), None, (24, 5), refusal="no layer keeps"
    )


def signal():
    parts = [
        keras.Input((40, 2)),
        layers.Conv1D(4, 5, activation="relu", bias_initializer="ones", name="first"),
        layers.MaxPooling1D(),
        layers.Conv1D(5, 3, activation="relu", bias_initializer="ones", name="second"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    return Case(keras.Sequential(parts), pictures(3, 40, 2), (1, 16), (1, 40))


def flattened():
    parts = [layers.Flatten(), layers.Dense(8, activation="relu"), layers.Dense(CLASSES)]
    return Case(
        keras.Sequential([image(), *parts]), pictures(), None, refusal="no layer keeps rows"
    )


def grey_without_channels():
    parts = [keras.Input((SIDE, SIDE)), layers.Reshape((SIDE, SIDE, 1)), *features(), *head()]
    return Case(keras.Sequential(parts), pictures(3, SIDE, SIDE), (6, 6))


def table():
    parts = [keras.Input((7,)), layers.Dense(8, activation="relu"), layers.Dense(CLASSES)]
    return Case(keras.Sequential(parts), pictures(3, 7), None, None, refusal="rows and columns")


def channels_first():
    norm = layers.BatchNormalization(axis=1)
    size = {"data_format": "channels_first"}
    parts = [conv(5, name="first", **size), norm, conv(6, name="last", **size)]
    ends = [layers.GlobalAveragePooling2D(**size), layers.Dense(CLASSES, activation="softmax")]
    model = keras.Sequential([keras.Input((3, 10, SIDE)), *parts, *ends])
    return Case(model, pictures(3, 3, 10, SIDE), (10, 12), (10, 12))


def in_precision(policy: str) -> Case:
    keras.mixed_precision.set_global_policy(policy)
    try:
        return Case(keras.Sequential([image(), *features(), *head()]), pictures(), (6, 6))
    finally:
        keras.mixed_precision.set_global_policy("float32")


def mixed_float16():
    return in_precision("mixed_float16")


def mixed_bfloat16():
    return in_precision("mixed_bfloat16")


def float16():
    return in_precision("float16")


def bfloat16():
    return in_precision("bfloat16")


def whole_numbers():
    """Declares its pictures as bytes, for which nothing has a gradient."""
    x = keras.Input((SIDE, SIDE, 3), dtype="uint8")
    model = keras.Model(x, chained(x, layers.Rescaling(1 / 255), *features(), *head()))
    samples = (pictures() * 255).astype(np.uint8)
    return Case(model, samples, (6, 6), None, refusal="declares its explained input as uint8")


def quantised():
    model = keras.Sequential([image(), *features(), *head(8, "relu"), layers.Dense(CLASSES)])
    for layer in model.layers[-2:]:
        layer.quantize("int8")
    return Case(model, pictures(), (6, 6), loss=None)


def recurrent_head():
    parts = [*features(), layers.Reshape((6, 36)), layers.LSTM(4), layers.Dense(CLASSES)]
    return Case(keras.Sequential([image(), *parts]), pictures(), (6, 6))


def columns_both_ways():
    parts = [layers.Permute((2, 1, 3)), layers.Reshape((SIDE, -1))]
    both = layers.Bidirectional(layers.GRU(4, return_sequences=True), name="both")
    ends = [layers.GlobalMaxPooling1D(), layers.Dense(CLASSES, activation="softmax")]
    return Case(keras.Sequential([image(), *parts, both, *ends]), pictures(), (1, 12))


def conv_next():
    settings: dict[str, Any] = {"layer_scale_init_value": 0.5, "input_shape": (64, 64, 3)}
    model = ConvNeXt([1, 1, 1, 1], [4, 8, 8, 12], weights=None, classes=3, **settings)
    return Case(model, pictures(2, 64, 64, 3) * 255, (2, 2), (64, 64))


def dense_net_as_one_layer():
    settings: dict[str, Any] = {"include_top": False, "input_shape": (64, 64, 3)}
    inner = DenseNet([1, 1, 1, 1], weights=None, **settings)
    model = keras.Sequential(
        [keras.Input((64, 64, 3)), layers.Rescaling(2.0, -1.0), inner, *head()]
    )
    return Case(model, pictures(2, 64, 64, 3), (2, 2), (64, 64))


def efficient_net():
    block = {
        "kernel_size": 3,
        "num_repeat": 1,
        "input_filters": 8,
        "output_filters": 8,
        "expand_ratio": 4,
        "se_ratio": 0.25,
        "strides": 2,
        "conv_type": 0,
    }
    settings: dict[str, Any] = {"input_shape": (32, 32, 3), "blocks_args": [block]}
    model = EfficientNetV2(1.0, 1.0, 32, weights=None, classes=3, **settings)
    return Case(model, pictures(2, 32, 32, 3) * 255, (8, 8), (32, 32))


def tokens_of_text():
    parts = [
        keras.Input((9,), dtype="int32"),
        layers.Embedding(20, 6, name="words"),
        layers.Conv1D(4, 3, activation="relu", name="grams"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(CLASSES, activation="softmax"),
    ]
    samples = np.random.default_rng(1).integers(0, 20, (3, 9)).astype(np.int32)
    return Case(keras.Sequential(parts), samples, (1, 7), None, refusal="rows and columns")


SHAPES = (
    op_nodes,
    depthwise_and_separable,
    series_of_pictures,
    volume,
    slices_of_a_volume,
    signal,
    flattened,
    grey_without_channels,
    table,
    channels_first,
    mixed_float16,
    mixed_bfloat16,
    float16,
    bfloat16,
    whole_numbers,
    quantised,
    recurrent_head,
    columns_both_ways,
    conv_next,
    dense_net_as_one_layer,
    efficient_net,
    tokens_of_text,
)
