"""What a rule does not know or see is refused before training, and nothing is left behind."""

import keras
import numpy as np
import pytest
import rule_models as models
from keras import layers, ops

from tb_explain.execution.rule_runner import RuleRunner
from tb_explain.explainers import LRP, Box, DeepLIFT, GuidedBackprop
from tb_explain.probe import Probe
from tb_explain.probe.structure.walk import walk

RULES = (DeepLIFT(), LRP(), GuidedBackprop())


class ReluInCall(keras.Model):
    """Computes something between its layers itself."""

    def __init__(self, between):
        super().__init__(name="mine")
        self.conv = layers.Conv2D(5, 3, name="conv", activation="relu")
        self.out = layers.Dense(3, name="out")
        self.between = between

    def call(self, images):
        return self.out(ops.max(self.between(self.conv(images)), axis=(1, 2)))


class AtTheEnd(keras.Model):
    """Computes its scores itself."""

    def __init__(self):
        super().__init__(name="mine")
        self.conv = layers.Conv2D(3, 3, name="conv", activation="relu")

    def call(self, images):
        return ops.mean(self.conv(images), axis=(1, 2)) * 2.0


@keras.saving.register_keras_serializable("tests")
class OwnLayer(layers.Layer):
    """A layer of the user, with work of its own."""

    def call(self, values):
        return ops.relu(values)


@keras.saving.register_keras_serializable("tests")
class OwnConvolution(layers.Conv2D):
    """A convolution of the user that is not linear in its kernel."""

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel / ops.max(kernel))


def with_step(step):
    """Returns a model with one more step before it pools."""
    images = keras.Input((8, 8, 3))
    grid = step(layers.Conv2D(6, 3, padding="same", activation="relu")(images))
    return models.weighted(keras.Model(images, layers.Dense(3)(models.pooled(grid))))


def assert_refused(model, sentence, *, by=RULES):
    """Checks the error of each explainer, on one probe."""
    probe = Probe(model, models.pictures(), targets="predicted")
    for explainer in by:
        with pytest.raises(ValueError, match=sentence) as caught:
            RuleRunner(probe, [explainer])
        assert str(caught.value).endswith(f"Received: {explainer!r}")


@pytest.mark.parametrize(
    "between", [ops.relu, lambda x: x + 0.0, lambda x: x], ids=["relu", "sum", "nothing"]
)
def test_work_in_the_call_of_a_model_is_refused(between):
    """Between two layers of a subclassed model no operation may stand, not even a harmless one."""
    assert_refused(ReluInCall(between), r"layer 'out' is made of .*Make that code a layer")


def test_work_behind_the_last_layer_is_refused():
    """A score that no layer made is refused too."""
    assert_refused(AtTheEnd(), "the score is made of a tensor that no layer put out")


@pytest.mark.parametrize(
    "step",
    [
        lambda: layers.Lambda(lambda grid: grid * 2),
        OwnLayer,
        lambda: OwnConvolution(6, 3),
        lambda: layers.Dense(4, activation="softmax"),
        lambda: layers.TimeDistributed(layers.Dense(4, activation="relu")),
        lambda: layers.ConvLSTM1D(4, 3, padding="same", return_sequences=True),
    ],
    ids=["lambda", "own layer", "own convolution", "softmax", "time distributed", "recurrent"],
)
def test_layers_without_a_rule_are_refused(step):
    """One sentence names the layer and what is known."""
    assert_refused(with_step(step()), r"has no rule for .* known.*InputXGradient")


@pytest.mark.parametrize(
    "step",
    [
        layers.LayerNormalization,
        lambda: lambda grid: layers.MultiHeadAttention(2, 3)(grid, grid),
        lambda: lambda grid: ops.softmax(grid),
    ],
    ids=["layer normalisation", "attention", "softmax"],
)
def test_layers_without_a_sound_rule_are_refused(step):
    """Normalisation by the sample itself and attention are no sums of contributions."""
    assert_refused(with_step(step()), "has no rule for layer", by=(DeepLIFT(), LRP()))


def test_lrp_refuses_products():
    """Which factor is the signal and which the gate cannot be told."""
    model = with_step(lambda grid: layers.Multiply()([grid, layers.Dense(6, "sigmoid")(grid)]))
    with pytest.raises(ValueError, match=r"layer 'multiply\w*' of type Multiply"):
        models.explained(LRP(), model, models.pictures())


def test_quantised_layers_are_refused():
    """A kernel of whole numbers is not the kernel that a rule divides by."""
    model = models.weighted(models.plain())
    model.get_layer("hidden").quantize("int8")
    with pytest.raises(ValueError, match="'hidden', which is quantised"):
        models.explained(LRP(), model, models.pictures())


def test_a_first_rule_needs_a_layer_that_sees_the_samples():
    """A box for pixels would stand nowhere."""
    images = keras.Input((8, 8, 3))
    values = layers.Dense(3)(models.pooled(layers.ReLU()(images)))
    with pytest.raises(ValueError, match=r"there is none\. Received: first=Box"):
        models.explained(LRP(first=Box(0, 1)), keras.Model(images, values), models.pictures())


def state_of(model):
    """Returns everything that belongs to a model: values of variables, attributes of layers."""
    values = [np.array(ops.convert_to_numpy(variable.value)) for variable in model.variables]
    attributes = {
        (path, name): id(value)
        for path, layer in {"": model, **walk(model)}.items()
        for name, value in vars(layer).items()
    }
    return [value.tobytes() for value in values], attributes


def test_leaves_the_model_bitwise_as_it_was():
    """Weights, statistics, policies and attributes are those of before."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = models.weighted(models.normalised())
    finally:
        keras.config.set_dtype_policy("float32")
    samples = models.pictures()
    outputs, before = ops.convert_to_numpy(model(samples)), state_of(model)

    probe = Probe(model, samples, targets=1)
    for result in RuleRunner(probe, RULES).run({1}):
        assert result.error is None

    assert state_of(model) == before
    np.testing.assert_array_equal(ops.convert_to_numpy(model(samples)), outputs)


@keras.saving.register_keras_serializable("tests")
class Breaking(layers.Dropout):
    """A layer that Keras knows, which breaks when it is told to."""

    broken = False

    def compute_mask(self, inputs, mask=None):
        if Breaking.broken:
            raise RuntimeError("the model breaks")
        return mask


def test_a_pass_that_breaks_leaves_the_model_as_it_was():
    """The error is the result, and every attribute is as before."""
    model = with_step(Breaking(0.1))
    probe = Probe(model, models.pictures(), targets=0)
    runner = RuleRunner(probe, [LRP()])
    before = state_of(model)
    Breaking.broken = True
    try:
        (result,) = runner.run({1})
    finally:
        Breaking.broken = False

    assert "the model breaks" in str(result.error)
    assert state_of(model) == before
    assert runner.run({1})[0].error is None
