"""One pass sees the same in every way to write a model down."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Output
from tests.probe.formulas import (
    ActivationAlone,
    ActivationAndGradient,
    InputGradient,
    class_activation,
    observe,
)

CLASSES = 4


def base_layers():
    return [
        layers.Conv2D(6, 3, padding="same", activation="relu", name="first"),
        layers.MaxPooling2D(name="pool"),
        layers.Conv2D(8, 3, padding="same", activation="relu", name="last"),
    ]


def head_layers():
    return [
        layers.GlobalAveragePooling2D(name="mean"),
        layers.Dense(CLASSES, activation="softmax", name="head"),
    ]


def chained(tensor, parts):
    for part in parts:
        tensor = part(tensor)
    return tensor


def flat():
    image = keras.Input((12, 12, 3))
    return keras.Model(image, chained(image, [*base_layers(), *head_layers()]))


def nested():
    inner = keras.Input((12, 12, 3))
    base = keras.Model(inner, chained(inner, base_layers()), name="base")
    image = keras.Input((12, 12, 3))
    return keras.Model(image, chained(image, [layers.RandomFlip(), base, *head_layers()]))


def sequential_built():
    return keras.Sequential([keras.Input((12, 12, 3)), *base_layers(), *head_layers()])


def sequential_unbuilt():
    return keras.Sequential([keras.Sequential(base_layers(), name="base"), *head_layers()])


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = base_layers()
        self.ends = head_layers()

    def call(self, images):
        return chained(images, [*self.parts, *self.ends])


class Block(layers.Layer):
    def __init__(self):
        super().__init__(name="block")
        self.parts = base_layers()

    def call(self, images, training=False):
        return chained(images, self.parts)


class WithBlock(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.ends = head_layers()

    def call(self, images, training=False):
        return chained(self.block(images, training=training), self.ends)


def frozen():
    model = flat()
    model.trainable = False
    return model


def remat():
    with keras.RematScope(mode="full"):
        return flat()


MODELS = (nested, sequential_built, sequential_unbuilt, Subclassed, WithBlock, frozen, remat)


@pytest.fixture
def pictures():
    return np.random.default_rng(3).random((3, 12, 12, 3), dtype=np.float32)


def weights_like(model):
    generator = np.random.default_rng(5)
    return [generator.normal(0, 0.4, w.shape).astype("f4") for w in model.weights]


def explained(model, pictures):
    model(pictures)
    model.set_weights(weights_like(model))
    observation, probe = observe(model, pictures, ActivationAndGradient(), InputGradient())
    assert observation.failures == {}
    return observation, probe


@pytest.mark.parametrize("build", MODELS)
def test_sees_the_same_as_in_a_flat_model(build, pictures):
    """However a model is nested, activation, gradient and score are those of a flat one."""
    expected, _ = explained(flat(), pictures)
    observation, probe = explained(build(), pictures)

    assert probe.layers.target.split("/")[-1] == "last"
    assert class_activation(expected.arrays[0][0]).max() > 0
    pairs = zip(observation.arrays.values(), expected.arrays.values(), strict=True)
    for mine, theirs in pairs:
        for name, values in theirs[0].items():
            np.testing.assert_allclose(mine[0][name], values, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        observation.predictions.arrays["score"], expected.predictions.arrays["score"], rtol=1e-5
    )


def test_an_unbuilt_model_is_built_and_explained(pictures):
    """A model without weights gets them from the first sample."""
    observation, probe = observe(sequential_unbuilt(), pictures, ActivationAndGradient())

    assert probe.layers.target == "base/last"
    assert observation.arrays[0][0]["activation"].shape == (3, 6, 6, 8)


def test_a_shared_layer_is_listed_once_and_seen_at_its_first_call(pictures):
    """A layer called twice has one row, and its first call is explained."""
    shared = layers.Conv2D(3, 3, padding="same", name="shared")
    image = keras.Input((12, 12, 3))
    model = keras.Model(image, layers.GlobalMaxPooling2D()(shared(shared(image))))
    observation, probe = observe(model, pictures, ActivationAlone("shared"))

    (row,) = [row for row in probe.layers.layers if row.path == "shared"]
    assert row.calls == 2
    np.testing.assert_allclose(
        observation.arrays[0][0]["activation"],
        keras.ops.convert_to_numpy(shared(pictures)),
        rtol=1e-5,
        atol=1e-6,
    )


def test_blocks_come_before_their_children_in_order_of_execution(pictures):
    """The table lists a block where it starts, then what is inside."""
    _, probe = observe(WithBlock(), pictures)

    paths = [row.path for row in probe.layers.layers]
    inside = ["block", "block/first", "block/pool", "block/last"]
    assert paths == [*inside, "mean", "head"]
    assert [row.container for row in probe.layers.layers] == [True, *[False] * 5]


def test_several_inputs_and_outputs_in_dictionaries(pictures):
    """Dictionaries go in and come out by name, and a picture among the inputs is explained."""
    image, extra = keras.Input((12, 12, 3), name="image"), keras.Input((2,), name="age")
    seen = chained(image, base_layers())
    joined = layers.Concatenate()([layers.GlobalAveragePooling2D()(seen), extra])
    outputs = {
        "size": layers.Dense(1, name="size")(joined),
        "kind": layers.Dense(CLASSES, activation="softmax", name="kind")(joined),
    }
    model = keras.Model({"image": image, "age": extra}, outputs)
    samples = {"image": pictures, "age": np.ones((3, 2), np.float32)}
    observation, probe = observe(
        model,
        samples,
        InputGradient(),
        targets=(Output("kind", 2), Output("size", 0)),
    )

    returned = {k: keras.ops.convert_to_numpy(v) for k, v in model(samples).items()}
    scores = observation.predictions.arrays["score"]
    np.testing.assert_allclose(scores[1], returned["size"][:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        observation.predictions.arrays["probability"][0], returned["kind"][:, 2], rtol=1e-5
    )
    assert observation.predictions.output == "kind"
    np.testing.assert_array_equal(
        observation.predictions.arrays["predicted"], returned["kind"].argmax(-1)
    )
    assert probe.targets == ("Output(kind, class 2)", "Output(size, class 0)")
    assert observation.arrays[0][0]["gradient"].shape == pictures.shape


def test_mixed_precision_gives_float32(pictures):
    """A model in half precision is seen in `float32`, near what full precision shows."""
    expected, _ = explained(flat(), pictures)
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        observation, _ = explained(flat(), pictures)
    finally:
        keras.mixed_precision.set_global_policy("float32")

    mine, theirs = observation.arrays[0][0], expected.arrays[0][0]
    assert {array.dtype for array in mine.values()} == {np.dtype("float32")}
    np.testing.assert_allclose(class_activation(mine), class_activation(theirs), atol=2e-2)


def test_channels_first_layers_are_shown_channels_last(pictures):
    """Rows and columns come before channels whatever the layers use."""
    model = keras.Sequential(
        [
            keras.Input((3, 12, 10)),
            layers.BatchNormalization(axis=1, name="norm"),
            layers.GlobalAveragePooling2D(data_format="channels_first", keepdims=True),
            layers.UpSampling2D((6, 5), data_format="channels_first", name="up"),
            layers.Activation("relu", name="relu"),
            layers.GlobalAveragePooling2D(data_format="channels_first"),
        ]
    )
    first = pictures.transpose(0, 3, 1, 2)[:, :, :, :10]
    observation, probe = observe(
        model, first, ActivationAndGradient("relu"), InputGradient(), targets=0
    )

    table = probe.layers
    assert (table.input_grid, table.target) == ((12, 10, 3), "relu")
    assert table.find("relu", received="").grid == (6, 5, 3)
    assert observation.arrays[0][0]["activation"].shape == (3, 6, 5, 3)
    np.testing.assert_array_equal(observation.arrays[1][0]["input"], pictures[:, :, :10])


def test_a_call_inside_tf_function_is_seen(pictures):
    """`@tf.function` around the user's own code hides no layer."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("tf.function exists on TensorFlow only")
    import tensorflow as tf

    class Compiled(Subclassed):
        @tf.function
        def call(self, images):
            return chained(images, [*self.parts, *self.ends])

    expected, _ = explained(Subclassed(), pictures)
    observation, _ = explained(Compiled(), pictures)

    np.testing.assert_allclose(
        observation.arrays[0][0]["gradient"], expected.arrays[0][0]["gradient"], rtol=1e-5
    )


def test_a_recurrent_head_is_one_layer(pictures):
    """Cells run in a loop and are left out; the layers in front of them are seen."""
    model = keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            *base_layers(),
            layers.Reshape((6, 48)),
            layers.Bidirectional(layers.LSTM(4), name="both"),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    observation, probe = observe(model, pictures, ActivationAndGradient())

    assert probe.layers.target == "last"
    assert not [row for row in probe.layers.layers if "cell" in row.path]
    assert np.abs(observation.arrays[0][0]["gradient"]).max() > 0


def test_layers_inside_time_distributed_are_seen():
    """The layer that is applied to each picture of a series is seen at the first picture."""
    inner = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3, name="conv")], name="in")
    model = keras.Sequential(
        [
            keras.Input((2, 8, 8, 3)),
            layers.TimeDistributed(inner, name="each"),
            layers.GlobalAveragePooling3D(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    series = np.random.default_rng(0).random((3, 2, 8, 8, 3), dtype=np.float32)
    _, probe = observe(model, series)

    assert "each/in/conv" in [row.path for row in probe.layers.layers]
