"""Batches, failing formulas and samples that do not fit."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tb_explain.probe.needs import Needs
from tests.probe.formulas import (
    ActivationAlone,
    ActivationAndGradient,
    Failing,
    InputGradient,
    observe,
)


@pytest.fixture
def samples():
    return np.random.default_rng(1).random((5, 8, 8, 3), dtype=np.float32)


@pytest.fixture
def model():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(6, 3, activation="relu", name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4, activation="softmax"),
        ],
        name="small",
    )


class Shown:
    """Shows some channels of a layer."""

    def __init__(self, count):
        self.count = count

    def needs(self, layers):
        return Needs(activations=("conv",), channels={"conv": self.count})

    def maps(self, seen, ops):
        return {"shown": ops.take(seen.activation("conv"), seen.channels("conv"), axis=-1)}


class Summing:
    """Forgets the axis of samples."""

    def needs(self, layers):
        return Needs(activations=("conv",))

    def maps(self, seen, ops):
        return {"sum": ops.sum(seen.activation("conv"))}


def test_batches_change_nothing(model, samples):
    """Cut into batches with a filled-up last one, the results are those of one batch."""
    labels = [0, 1, 2, 3, 0]
    settings = {"targets": ("label", "predicted", [3, 2, 1, 0, 1]), "labels": labels}
    parts = (ActivationAndGradient(), InputGradient())
    whole, one = observe(model, samples, *parts, **settings)
    cut, many = observe(model, samples, *parts, memory_budget=2500, **settings)

    assert (one.batch_size, many.batch_size) == (5, 2)
    if keras.backend.backend() != "torch":
        assert many.traces == 1
    for name, array in whole.predictions.arrays.items():
        np.testing.assert_allclose(cut.predictions.arrays[name], array, rtol=1e-5, err_msg=name)
    for mine, theirs in zip(cut.arrays.values(), whole.arrays.values(), strict=True):
        for left, right in zip(mine, theirs, strict=True):
            for name, array in right.items():
                np.testing.assert_allclose(left[name], array, rtol=1e-5, atol=1e-7)


def test_a_model_with_a_fixed_batch_size_is_explained(samples):
    """A model that insists on its batch size gets batches of that size."""
    image = keras.Input(batch_shape=(2, 8, 8, 3))
    seen = layers.Conv2D(4, 3, name="conv")(image)
    model = keras.Model(image, layers.Dense(2)(layers.GlobalAveragePooling2D()(seen)))
    observation, probe = observe(model, samples, ActivationAndGradient(), targets=0)

    assert probe.batch_size == 2
    assert observation.arrays[0][0]["activation"].shape == (5, 6, 6, 4)


def test_a_failing_formula_is_alone(model, samples):
    """What one formula raises is kept, and the others give what they give without it."""
    alone, _ = observe(model, samples, InputGradient())
    observation, _ = observe(model, samples, Failing(), InputGradient(), Summing())

    assert isinstance(observation.failures[0], ZeroDivisionError)
    assert "start with the axis of its 5 samples" in str(observation.failures[2])
    assert (observation.arrays[0], observation.arrays[2]) == ((), ())
    np.testing.assert_array_equal(
        observation.arrays[1][0]["gradient"], alone.arrays[0][0]["gradient"]
    )


def test_shows_the_channels_that_were_chosen(model, samples):
    """Channels are chosen anew without a new trace, and each formula has its own number."""
    probe = Probe(model, samples, targets=0)
    probe.prepare([Shown(2), Shown(4), ActivationAlone("conv")])
    first, chosen = probe.run(), probe.run({"conv": (5, 1, 0, 3)})

    activation = chosen.arrays[2][0]["activation"]
    np.testing.assert_array_equal(first.arrays[0][0]["shown"], activation[..., :2])
    np.testing.assert_array_equal(chosen.arrays[0][0]["shown"], activation[..., [5, 1]])
    np.testing.assert_array_equal(chosen.arrays[1][0]["shown"], activation[..., [5, 1, 0, 3]])
    if keras.backend.backend() != "torch":
        assert probe.traces == 1


def test_pictures_of_bytes_are_explained(model, samples):
    """Pictures of whole numbers have a gradient too."""
    pictures = (samples * 255).astype(np.uint8)
    observation, _ = observe(model, pictures, InputGradient())

    np.testing.assert_array_equal(observation.arrays[0][0]["input"], pictures)
    assert np.abs(observation.arrays[0][0]["gradient"]).max() > 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            np.zeros((5, 9, 8, 3), "f4"),
            r"takes samples of shape \(samples, 8, 8, 3\). Received: sa",
        ),
        (np.zeros((8, 8, 3), "f4"), r"needs the axis of samples too, such as samples\[None\]"),
        (np.zeros((0, 8, 8, 3), "f4"), "At least one sample is needed"),
        ([np.zeros((5, 8, 8, 3), "f4")] * 2, r"\(samples, 8, 8, 3\) and \(samples, 8, 8, 3\)"),
        ([np.zeros((5, 8, 8, 3), "f4"), np.zeros((4, 2), "f4")], "the same number of samples"),
    ],
)
def test_samples_that_do_not_fit_are_refused(wrong, sentence, model):
    """One sentence says what the model takes and what was received."""
    with pytest.raises(ValueError, match=sentence):
        Probe(model, wrong, targets=0)


def test_a_subclassed_model_that_refuses_samples_says_why(samples):
    """A model without a declared shape answers by its own error, in one sentence."""

    class Plain(keras.Model):
        def __init__(self):
            super().__init__(name="plain")
            self.dense = layers.Dense(2)

        def call(self, vectors):
            return self.dense(vectors)

    built = Plain()
    built(np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match=r"'plain' cannot take the samples .* shape \(5, 7\)"):
        Probe(built, np.zeros((5, 7), np.float32), targets=0)


def test_an_unknown_input_to_explain_is_refused(model, samples):
    """The error names the inputs there are."""
    with pytest.raises(ValueError, match=r"must be one of 0\. Received: explained_input=3"):
        Probe(model, samples, targets=0, explained_input=3)


def test_an_unknown_layer_is_refused(model, samples):
    """The error names the layers with rows and columns."""
    probe = Probe(model, samples, targets=0)
    with pytest.raises(ValueError, match=r"No layer 'conv9' in model 'small'.*'conv'"):
        probe.prepare([ActivationAndGradient("conv9")])
    with pytest.raises(ValueError, match="has no rows and columns"):
        probe.prepare([ActivationAndGradient(model.layers[-1].name)])


def test_a_layer_that_is_not_called_is_refused(samples):
    """A layer outside of the way through the model cannot be seen, and the error says so."""

    class Detour(keras.Model):
        def __init__(self):
            super().__init__()
            self.used = layers.Conv2D(2, 3, name="used")
            self.unused = layers.Conv2D(2, 3, name="unused")

        def call(self, images):
            return keras.ops.mean(self.used(images), axis=(1, 2))

    model = Detour()
    model.unused.build((None, 8, 8, 3))
    probe = Probe(model, samples, targets=0)
    with pytest.raises(ValueError, match="does not call layer 'unused'"):
        probe.prepare([ActivationAlone("unused")])
