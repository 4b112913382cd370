"""The way from samples to score is found through every shape of model, and only if it is whole."""

from collections import Counter

import keras
import numpy as np
import pytest
from keras import layers, ops

from tb_explain.probe import Neuron
from tests.probe.steps import images, steps_of


def base():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Dropout(0.5, name="drop"),
            layers.Conv2D(4, 3, use_bias=False, name="conv"),
            layers.BatchNormalization(name="norm"),
            layers.ReLU(name="relu"),
        ],
        name="base",
    )


class Subclassed(keras.Model):
    """Holds a nested model and a list of layers."""

    def __init__(self):
        super().__init__()
        self.base = base()
        self.rest = [layers.GlobalAveragePooling2D(name="mean"), layers.Dense(3, name="out")]

    def call(self, images):
        values = self.base(images)
        for layer in self.rest:
            values = layer(values)
        return values


def functional():
    inputs = keras.Input((8, 8, 3))
    values = layers.GlobalAveragePooling2D(name="mean")(base()(inputs))
    return keras.Model(inputs, layers.Dense(3, name="out")(values))


def lazy():
    return keras.Sequential(
        [base(), layers.GlobalAveragePooling2D(name="mean"), layers.Dense(3, name="out")]
    )


def decorated():
    model = functional()
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        model.call = tf.function(model.call)
    return model


@pytest.mark.parametrize("build", [functional, Subclassed, lazy, decorated])
def test_looks_through_models_within_models(build):
    """Containers and what does nothing at inference are no steps."""
    steps, _ = steps_of(build(), images())

    assert [(step.path.split("/")[-1], step.kind) for step in steps] == [
        ("conv", "linear"),
        ("norm", "affine"),
        ("relu", "elementwise"),
        ("mean", "affine"),
        ("out", "linear"),
    ]


def test_without_rules_the_gradient_comes_back():
    """A pass that replaces nothing is the pass of the gradient."""
    from tb_explain.explainers import InputXGradient

    model, samples = functional(), images()
    _, found = steps_of(model, samples)

    product = InputXGradient().explain(model, samples, targets=0).values
    np.testing.assert_allclose((samples * found).sum(-1, keepdims=True), product, atol=1e-6)


def test_the_head_is_no_step():
    """Softmax at the end is cut off, in whatever form, with what only reshapes behind it."""
    inputs = keras.Input((8, 8, 3))
    values = layers.Flatten()(inputs)
    for head in (
        layers.Dense(3, activation="softmax", name="out"),
        lambda x: layers.Softmax()(layers.Dense(3, name="out")(x)),
        lambda x: ops.softmax(layers.Dense(3, name="out")(x)),
        lambda x: layers.Reshape((3,))(
            layers.Activation("softmax")(layers.Dense(3, name="out")(x))
        ),
    ):
        steps, _ = steps_of(keras.Model(inputs, head(values)), images())
        assert [step.kind for step in steps if step.kind not in ("move",)] == ["linear"]


def test_knows_operations_between_layers():
    """`x + y`, `x * 2`, slices and reshapes of a graph are steps of their own."""
    inputs = keras.Input((8, 8, 3))
    values = (inputs * 2.0 + inputs - 0.5)[:, 1:]
    values = ops.transpose(ops.reshape(values, (-1, 56, 3)), (0, 2, 1))
    values = ops.relu(ops.mean(values, axis=-1)) * ops.sigmoid(ops.max(values, axis=-1))
    steps, _ = steps_of(keras.Model(inputs, layers.Dense(2)(values)), images())

    assert Counter(step.kind for step in steps) == {
        "affine": 4,  # x * 2, + x, - 0.5 and the mean
        "move": 3,
        "elementwise": 2,
        "largest": 1,
        "product": 1,
        "linear": 1,
    }


def test_a_shared_layer_is_one_step():
    """A layer that is called twice has one step, and is folded into nothing."""
    conv, norm = layers.Conv2D(3, 3, padding="same", name="conv"), layers.BatchNormalization()
    inputs = keras.Input((8, 8, 3))
    values = norm(conv(norm(conv(inputs))))
    model = keras.Model(inputs, layers.Dense(2)(layers.GlobalMaxPooling2D()(values)))
    steps, _ = steps_of(model, images())

    assert [step.kind for step in steps] == ["linear", "affine", "largest", "linear"]
    assert [step.norm for step in steps] == [None] * 4
    assert [step.before for step in steps] == [None] * 4


def test_folds_only_what_alone_follows():
    """A convolution whose output goes to others too keeps its own kernel."""
    inputs = keras.Input((8, 8, 3))
    first = layers.Conv2D(3, 3, padding="same", name="shared")(inputs)
    second = layers.BatchNormalization(name="after_shared")(first)
    third = layers.BatchNormalization(name="after")(
        layers.Conv2D(3, 3, padding="same", name="alone")(first + second)
    )
    model = keras.Model(inputs, layers.Dense(2)(layers.GlobalMaxPooling2D()(third)))
    steps, _ = steps_of(model, images())

    by_path = {step.path: step for step in steps}
    assert by_path["shared"].norm is None
    assert by_path["alone"].norm is by_path["after"].layer
    assert (by_path["after"].normed, by_path["after_shared"].normed) == (True, False)


def test_finds_what_sees_the_samples():
    """Preprocessing and padding lie in front of the first layers, weights do not."""
    inputs = keras.Input((8, 8, 3))
    raw = layers.ZeroPadding2D(1, name="pad")(layers.Rescaling(1 / 255, name="scale")(inputs))
    first = layers.Conv2D(3, 3, name="first")(raw)
    second = layers.Conv2D(3, 3, padding="same", name="second")(first)
    model = keras.Model(inputs, layers.Dense(2)(layers.GlobalMaxPooling2D()(second)))
    steps, _ = steps_of(model, images())

    by_path = {step.path: step for step in steps}
    assert by_path["first"].before == ("scale", "pad")
    assert by_path["second"].before is None
    assert [path for path, step in by_path.items() if step.raw] == ["scale", "pad"]


def test_finds_what_is_never_below_zero():
    """Behind a ReLU, what only moves or pools keeps values from zero; convolutions do not."""
    inputs = keras.Input((8, 8, 3))
    values = layers.Conv2D(4, 3, activation="relu", name="first")(inputs)
    values = layers.ZeroPadding2D(name="pad")(layers.MaxPooling2D(name="pool")(values))
    values = layers.Conv2D(4, 3, name="second")(values)
    values = layers.Conv2D(4, 1, name="third")(values)
    model = keras.Model(inputs, layers.Dense(2, name="out")(layers.Flatten(name="flat")(values)))
    steps, _ = steps_of(model, images())

    assert [step.path for step in steps if step.unsigned] == ["pool", "pad", "second"]


def test_goes_to_what_is_explained():
    """Steps behind a neuron, or on the way to another output, are no steps."""
    inputs = keras.Input((8, 8, 3))
    values = layers.Conv2D(3, 3, name="conv", activation="relu")(inputs)
    flat = layers.Flatten()(values)
    model = keras.Model(
        inputs,
        {"a": layers.Dense(3, name="a")(flat), "b": layers.Lambda(lambda x: x[:, :2])(flat)},
    )
    neuron, _ = steps_of(model, images(), targets=Neuron("conv", 1))
    output, _ = steps_of(model, images(), targets=1)

    assert [(step.path, step.inside) for step in neuron] == [("conv", False), ("conv", True)]
    assert "lambda" not in [step.path for step in output]


def test_two_inputs_and_a_nested_model_called_twice():
    """Both ways lead through the shared model; the explained input is one of them."""
    tower, left, right = base(), keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    joined = layers.Concatenate(name="join")([tower(left), tower(right)])
    model = keras.Model([left, right], layers.Dense(2)(layers.Flatten()(joined)))
    steps, _ = steps_of(model, [images(), images()])

    assert [step.kind for step in steps] == [
        "linear",
        "affine",
        "elementwise",
        "move",
        "move",
        "linear",
    ]
    assert steps[0].before is None


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_hides_nothing(policy):
    """The casts between layers of half precision are no work out of sight."""
    keras.config.set_dtype_policy(policy)
    try:
        model = Subclassed()
    finally:
        keras.config.set_dtype_policy("float32")
    steps, found = steps_of(model, images())

    assert len(steps) == 5
    assert found.dtype == np.float32
    assert model.base.layers[1].compute_dtype == policy.replace("mixed_", "")


class Grey(keras.Model):
    """Hands pictures without channels to a model of pictures with one."""

    def __init__(self):
        super().__init__()
        inputs = keras.Input((8, 8, 1))
        values = layers.GlobalMaxPooling2D()(layers.Conv2D(3, 3, name="conv")(inputs))
        self.inner = keras.Model(inputs, layers.Dense(2)(values))

    def call(self, pictures):
        return self.inner(pictures)


def test_inputs_of_another_rank_are_followed():
    """Keras gives grey pictures their channel by itself, which is no work out of sight."""
    steps, _ = steps_of(Grey(), images()[..., 0])

    assert steps[0].before == ()
    assert [step.kind for step in steps] == ["linear", "largest", "linear"]
