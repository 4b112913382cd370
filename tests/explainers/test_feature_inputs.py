"""Pictures of features of every kind of input and layer."""

import keras
import numpy as np
import pytest
from feature_records import records, rises
from keras import layers

from tb_explain.execution.feature_runner import FeatureRunner
from tb_explain.execution.memory import Memory
from tb_explain.explainers import FeatureVisualization
from tb_explain.probe import Probe


def signal():
    parts = [layers.Conv1D(3, 3, name="conv"), layers.GlobalAveragePooling1D()]
    return keras.Sequential([keras.Input((12, 2)), *parts, layers.Dense(2)]), (12, 2), (1, 12)


def grey():
    parts = [layers.Conv2D(3, 3, name="conv"), layers.Flatten()]
    return keras.Sequential([keras.Input((8, 7, 1)), *parts, layers.Dense(2)]), (8, 7, 1), (8, 7)


def without_channel_axis():
    parts = [layers.Reshape((9, 9, 1)), layers.Conv2D(3, 3, name="conv"), layers.Flatten()]
    return keras.Sequential([keras.Input((9, 9)), *parts, layers.Dense(2)]), (9, 9), (9, 9)


def five_channels():
    parts = [layers.Conv2D(3, 3, name="conv"), layers.Flatten()]
    return keras.Sequential([keras.Input((8, 7, 5)), *parts, layers.Dense(2)]), (8, 7, 5), (8, 7)


def channels_first():
    inputs = keras.Input((3, 8, 7))
    moved = layers.Permute((2, 3, 1))(layers.ZeroPadding2D(1, data_format="channels_first")(inputs))
    tail = layers.Flatten()(layers.Conv2D(3, 3, name="conv")(moved))
    return keras.Model(inputs, layers.Dense(2)(tail)), (3, 8, 7), (8, 7)


def nested():
    inside = keras.Sequential(
        [keras.Input((8, 7, 3)), layers.Conv2D(3, 3, name="conv")], name="base"
    )
    parts = [inside, layers.Flatten(), layers.Dense(2)]
    return keras.Sequential([keras.Input((8, 7, 3)), *parts]), (8, 7, 3), (8, 7)


def fixed_batch():
    inputs = keras.Input((8, 7, 3), batch_size=4)
    tail = layers.Flatten()(layers.Conv2D(3, 3, name="conv")(inputs))
    return keras.Model(inputs, layers.Dense(2)(tail)), (8, 7, 3), (8, 7)


def mixed_precision():
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model, shape, grid = nested()
    finally:
        keras.mixed_precision.set_global_policy("float32")
    return model, shape, grid


KINDS = [
    signal,
    grey,
    without_channel_axis,
    five_channels,
    channels_first,
    nested,
    fixed_batch,
    mixed_precision,
]


@pytest.mark.parametrize("build", KINDS, ids=lambda build: build.__name__)
def test_pictures_have_rows_and_columns_of_the_input(build):
    """Whatever the input, its pictures come in colour or in grey and excite their channels."""
    keras.utils.set_random_seed(2)
    model, shape, grid = build()
    samples = np.random.default_rng(0).random((4, *shape), dtype=np.float32)
    before = model.get_weights()

    (explanation,) = records(
        Probe(model, samples, targets=(0,)), FeatureVisualization("conv", iterations=16)
    )

    assert explanation.values.shape == (3, *grid, 3)
    assert rises(explanation)
    in_colour = np.ptp(explanation.values, axis=-1).max() > 0
    assert in_colour == (len(shape) == 3 and 3 in (shape[0], shape[-1]))
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_channels_of_other_units_keep_their_own_range():
    """A channel between 0 and 1 stays there beside one between 0 and 1000."""
    keras.utils.set_random_seed(2)
    model = keras.Sequential([keras.Input((8, 7, 2)), layers.Conv2D(3, 3, name="conv")])
    samples = np.random.default_rng(0).random((4, 8, 7, 2), dtype=np.float32)
    samples[..., 1] *= 1000
    probe = Probe(model, samples, targets=(lambda outputs: outputs[:, 0, 0, 0],))

    low, high = probe.channel_queries("conv", (0,)).input_range()

    np.testing.assert_array_equal(low, samples.min(axis=(0, 1, 2)))
    np.testing.assert_array_equal(high, samples.max(axis=(0, 1, 2)))


def test_other_inputs_are_those_of_the_first_sample():
    """Of a model with two inputs one is drawn; the other stays as the first sample has it."""
    keras.utils.set_random_seed(2)
    picture, number = keras.Input((8, 6, 3)), keras.Input((1,))
    scaled = layers.Multiply(name="scaled")([layers.Conv2D(3, 3)(picture), number[:, None, None]])
    model = keras.Model([picture, number], layers.Dense(2)(layers.Flatten()(scaled)))
    samples = np.random.default_rng(3).random((4, 8, 6, 3), dtype=np.float32)
    samples[0, 0, 0, 0], samples[0, 0, 0, 1] = -0.5, 1
    numbers = np.array([[2.0], [0.0], [0.0], [0.0]], np.float32)
    explainer = FeatureVisualization("scaled", iterations=16)

    (explanation,) = records(Probe(model, [samples, numbers], targets=(0,)), explainer)
    (alone,) = records(Probe(model, [samples[:1], numbers[:1]], targets=(0,)), explainer)

    assert rises(explanation)
    np.testing.assert_allclose(alone.values, explanation.values, rtol=1e-5, atol=1e-6)


def test_layer_without_channels_is_a_sentence():
    """What is neither a grid nor a vector has no channels."""
    samples = np.random.default_rng(0).random((2, 8, 6, 3), dtype=np.float32)
    inputs = keras.Input((8, 6, 3))
    boxed = layers.Reshape((2, 2, 3, 12), name="boxed")(inputs)
    model = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(boxed)))

    probe = Probe(model, samples, targets=(0,))

    with pytest.raises(ValueError, match=r"no channels; name a layer.*Received"):
        FeatureRunner(probe, (FeatureVisualization("boxed"),), Memory())
