"""Scores and gradients against what can be computed without them."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Contrast, Neuron, Probe
from tests.probe.formulas import ActivationAndGradient, InputGradient, observe, scores_of

CLASSES = 4


@pytest.fixture
def samples():
    return np.random.default_rng(1).random((3, 6, 6, 2), dtype=np.float32)


def features(image):
    hidden = layers.Conv2D(5, 3, activation="tanh", name="conv")(image)
    return layers.Flatten(name="flat")(hidden)


def seeded(build):
    keras.utils.set_random_seed(4)
    image = keras.Input((6, 6, 2))
    return keras.Model(image, build(image))


def dense_softmax(image):
    return layers.Dense(CLASSES, activation="softmax", name="head")(features(image))


def softmax_activation(image):
    return layers.Activation("softmax")(layers.Dense(CLASSES, name="head")(features(image)))


def softmax_layer(image):
    return layers.Softmax()(layers.Dense(CLASSES, name="head")(features(image)))


def softmax_node(image):
    return keras.ops.softmax(layers.Dense(CLASSES, name="head")(features(image)))


def log_softmax(image):
    return layers.Dense(CLASSES, activation="log_softmax", name="head")(features(image))


def nested_head(image):
    inner = keras.Sequential([layers.Dense(CLASSES, activation="softmax", name="head")])
    return inner(features(image))


def einsum_head(image):
    return layers.EinsumDense(
        "bi,ij->bj", output_shape=CLASSES, bias_axes="j", activation="softmax", name="head"
    )(features(image))


def conv_head(image):
    seen = layers.Conv2D(5, 3, activation="tanh", name="conv")(image)
    head = layers.Conv2D(CLASSES, 4, activation="softmax", name="head")(seen)
    return layers.Dropout(0.5)(layers.Flatten()(head))


def lambda_head(image):
    dense = layers.Dense(CLASSES, name="head")(features(image))
    return layers.Lambda(lambda z: keras.ops.softmax(z))(dense)


HEADS = (
    dense_softmax,
    softmax_activation,
    softmax_layer,
    softmax_node,
    log_softmax,
    nested_head,
    einsum_head,
    conv_head,
    lambda_head,
)


def returned(model, samples):
    return keras.ops.convert_to_numpy(model(samples, training=False))


@pytest.mark.parametrize("head", HEADS)
def test_scores_give_the_probabilities_of_the_model(head, samples):
    """The softmax of the recovered scores is what the model returns, whatever its head."""
    model = seeded(head)
    targets = tuple(range(CLASSES))
    observation, _ = observe(model, samples, targets=targets)
    scores = observation.predictions.arrays["score"].T

    probabilities = returned(model, samples)
    if head is log_softmax:
        probabilities = np.exp(probabilities)
    exponents = np.exp(scores - scores.max(-1, keepdims=True))
    np.testing.assert_allclose(
        exponents / exponents.sum(-1, keepdims=True), probabilities, atol=1e-6
    )
    np.testing.assert_allclose(
        observation.predictions.arrays["probability"].T, probabilities, atol=1e-6
    )
    np.testing.assert_array_equal(
        observation.predictions.arrays["predicted"], probabilities.argmax(-1)
    )


@pytest.mark.parametrize("head", HEADS[:-1])
def test_scores_are_those_before_the_softmax(head, samples):
    """A score is the output of the head without its softmax, not a logarithm of it."""
    model = seeded(head)
    (score,) = scores_of(model, samples, targets=1)

    kernel, bias = (keras.ops.convert_to_numpy(weight) for weight in _head(model).weights)
    conv = model.get_layer("conv")
    seen = returned(keras.Model(model.inputs[0], conv.output), samples).reshape(3, -1)
    expected = seen @ kernel.reshape(-1, CLASSES) + bias
    np.testing.assert_allclose(score, expected[:, 1], rtol=1e-4, atol=1e-5)


def _head(model):
    nested = [layer for layer in model.layers if isinstance(layer, keras.Sequential)]
    return (nested[0] if nested else model).get_layer("head")


def test_scores_of_a_model_without_softmax_are_its_outputs(samples):
    """A model that returns scores is left as it is."""
    model = seeded(lambda image: layers.Dense(CLASSES)(features(image)))

    np.testing.assert_allclose(
        scores_of(model, samples, targets=(0, 3)), returned(model, samples).T[[0, 3]], rtol=1e-5
    )


def numeric_gradient(model, values, places, *, target, step=1e-2):
    """Returns central differences of the score at some places, each in a sample of its own."""
    moved = np.stack([values[place[0]] for place in places for _ in range(2)])
    for index, (_, *place) in enumerate(places):
        moved[(2 * index, *place)] += step
        moved[(2 * index + 1, *place)] -= step
    scores = scores_of(model, moved, targets=target)[0].astype(np.float64)
    return (scores[::2] - scores[1::2]) / (2 * step)


@pytest.mark.parametrize(
    "target",
    [2, "predicted", Contrast(0, 3), Neuron("conv", 1), lambda outputs: outputs[:, 1] ** 2],
    ids=["index", "predicted", "contrast", "neuron", "callable"],
)
def test_input_gradient_is_the_difference_quotient(target, samples):
    """The gradient for the input is how much the score moves with a pixel."""
    model = seeded(dense_softmax)
    observation, probe = observe(model, samples, InputGradient(), targets=target)
    places = [(0, 1, 2, 0), (1, 3, 3, 1), (2, 4, 1, 0)]

    gradient = observation.arrays[0][0]["gradient"]
    numeric = numeric_gradient(model, samples, places, target=target)
    assert probe.layers.input_grid == (6, 6, 2)
    np.testing.assert_allclose([gradient[place] for place in places], numeric, rtol=2e-2, atol=2e-4)


def test_layer_gradient_is_the_difference_quotient(samples):
    """The gradient for a layer is how much the score moves with what the layer puts out."""
    model = seeded(dense_softmax)
    observation, _ = observe(model, samples, ActivationAndGradient("conv"), targets=2)
    kernel, bias = (keras.ops.convert_to_numpy(w) for w in model.get_layer("head").weights)

    arrays = observation.arrays[0][0]
    expected = np.broadcast_to(kernel[:, 2].reshape(1, 4, 4, 5), arrays["gradient"].shape)
    np.testing.assert_allclose(arrays["gradient"], expected, rtol=1e-5)
    rebuilt = (arrays["activation"] * arrays["gradient"]).sum((1, 2, 3)) + bias[2]
    np.testing.assert_allclose(rebuilt, observation.predictions.arrays["score"][0], rtol=1e-4)


def test_each_target_has_its_own_gradient(samples):
    """Several targets in one pass give what each gives alone."""
    model = seeded(dense_softmax)
    together, _ = observe(model, samples, InputGradient(), targets=(1, "predicted", 3))

    for place, target in enumerate((1, "predicted", 3)):
        alone, _ = observe(model, samples, InputGradient(), targets=target)
        np.testing.assert_allclose(
            together.arrays[0][place]["gradient"], alone.arrays[0][0]["gradient"], atol=1e-6
        )


def test_a_saturated_softmax_still_has_a_gradient(samples):
    """Where the probability is 1 in half precision, the score still moves with the input."""
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = seeded(dense_softmax)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    head = model.get_layer("head")
    head.kernel.assign(head.kernel * 1000)
    observation, _ = observe(model, samples, InputGradient())

    arrays = observation.predictions.arrays
    assert (arrays["predicted_probability"] == 1).all()
    assert np.abs(observation.arrays[0][0]["gradient"]).reshape(3, -1).max(1).min() > 0.1


def test_contrast_is_the_difference_of_two_scores(samples):
    """Why `a` rather than `b` is the score of `a` less that of `b`."""
    model = seeded(dense_softmax)
    a, b, difference = scores_of(model, samples, targets=(0, 3, Contrast(0, 3)))

    np.testing.assert_allclose(difference, a - b, rtol=1e-5, atol=1e-6)


def test_a_neuron_is_the_mean_of_its_channel(samples):
    """The score of a neuron is the mean over all places of what its channel puts out."""
    model = seeded(dense_softmax)
    observation, _ = observe(
        model, samples, ActivationAndGradient("conv"), targets=(Neuron("conv", 1), 0)
    )

    activation = observation.arrays[0][0]["activation"]
    arrays = observation.predictions.arrays
    np.testing.assert_allclose(arrays["score"][0], activation[..., 1].mean((1, 2)), rtol=1e-4)
    np.testing.assert_array_equal(arrays["target"][0], [-1, -1, -1])
    assert np.isnan(arrays["probability"][0]).all()


def test_outputs_that_are_not_finite_are_passed_on(samples):
    """A model that diverged gives NaN, which the record counts, and no error."""
    model = seeded(dense_softmax)
    head = model.get_layer("head")
    head.kernel.assign(head.kernel * np.nan)
    observation, _ = observe(model, samples, InputGradient(), targets=1)

    assert np.isnan(observation.predictions.arrays["score"]).all()
    assert np.isnan(observation.arrays[0][0]["gradient"]).any()


def test_no_place_sees_another_sample(samples):
    """The maps of a sample do not depend on the others of its batch."""
    model = seeded(dense_softmax)
    together, _ = observe(model, samples, InputGradient())
    alone, _ = observe(model, samples[1:2], InputGradient())

    np.testing.assert_allclose(
        together.arrays[0][0]["gradient"][1:2], alone.arrays[0][0]["gradient"], atol=1e-6
    )


def test_the_pass_is_one_probe_for_many_runs(samples):
    """Later runs reuse the trace and follow the weights."""
    model = seeded(dense_softmax)
    probe = Probe(model, samples, targets=1)
    probe.prepare([ActivationAndGradient()])
    first = probe.run().predictions.arrays["score"]
    head = model.get_layer("head")
    head.kernel.assign(head.kernel * 2.0)
    head.bias.assign(head.bias * 0.0)

    scores = [probe.run().predictions.arrays["score"] for _ in range(5)]
    np.testing.assert_allclose(scores[0], 2 * first, rtol=1e-4)
    assert all(np.array_equal(scores[0], later) for later in scores)
    if keras.backend.backend() != "torch":
        assert probe.traces == 1
