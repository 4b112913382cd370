"""What a score means for each task, and which targets there are."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Contrast, Output, Probe
from tests.probe.formulas import InputGradient, observe, scores_of


@pytest.fixture
def samples():
    return np.random.default_rng(1).random((4, 6, 6, 2), dtype=np.float32)


def model_of(*parts, **compiling):
    keras.utils.set_random_seed(9)
    model = keras.Sequential([keras.Input((6, 6, 2)), *parts])
    if compiling:
        model.compile(**compiling)
    return model


def returned(model, samples):
    return keras.ops.convert_to_numpy(model(samples, training=False))


def logit(probability):
    probability = probability.astype(np.float64)
    return np.log(probability) - np.log1p(-probability)


def binary():
    return model_of(layers.Flatten(), layers.Dense(1, activation="sigmoid"))


def test_binary_scores_are_plus_and_minus_z(samples):
    """One sigmoid stands for two classes, of scores `+z` and `-z`."""
    model = binary()
    z = logit(returned(model, samples))[:, 0]
    observation, probe = observe(
        model, samples, targets=(1, 0, "label"), labels=np.array([0, 1, 1, 0])
    )

    arrays = observation.predictions.arrays
    expected = [z, -z, z * [-1, 1, 1, -1]]
    np.testing.assert_allclose(arrays["score"], expected, rtol=1e-4, atol=1e-6)
    assert (probe.outputs[0].task, observation.predictions.classes) == ("binary", 2)
    np.testing.assert_allclose(arrays["probability"][0] + arrays["probability"][1], 1, rtol=1e-6)
    np.testing.assert_array_equal(arrays["predicted"], z > 0)
    np.testing.assert_array_equal(arrays["correct"], (z > 0) == [0, 1, 1, 0])


def test_labels_of_a_binary_task_may_have_an_axis_of_one(samples):
    """Labels of shape `(samples, 1)`, as sigmoid losses take them, count as indices."""
    labels = np.array([[0.0], [1.0], [1.0], [0.0]])
    observation, _ = observe(binary(), samples, targets="label", labels=labels)

    np.testing.assert_array_equal(observation.predictions.arrays["target"][0], [0, 1, 1, 0])


def test_multilabel_scores_are_the_z_of_the_class(samples):
    """Several sigmoids are classes of their own."""
    model = model_of(layers.Flatten(), layers.Dense(3, activation="sigmoid"))
    probabilities = returned(model, samples)
    observation, probe = observe(model, samples, targets=(0, 2))

    arrays = observation.predictions.arrays
    assert probe.outputs[0].task == "multilabel"
    np.testing.assert_allclose(arrays["score"], logit(probabilities)[:, [0, 2]].T, rtol=1e-3)
    np.testing.assert_allclose(arrays["top_probability"], np.sort(probabilities)[:, ::-1])


def test_one_value_is_a_regression(samples):
    """A model of one plain value has no classes; its score is the value."""
    model = model_of(layers.Flatten(), layers.Dense(1))
    observation, _ = observe(
        model, samples, targets="label", labels=np.array([0.5, 1.25, 2.0, 3.0])
    )

    predictions = observation.predictions
    assert (predictions.task, predictions.classes) == ("regression", None)
    assert predictions.arrays["top_class"].shape == (4, 0)
    np.testing.assert_allclose(predictions.arrays["score"][0], returned(model, samples)[:, 0])
    np.testing.assert_array_equal(predictions.arrays["predicted"], [-1] * 4)
    np.testing.assert_array_equal(predictions.arrays["correct"], [255] * 4)


@pytest.mark.parametrize(
    ("units", "loss", "task"),
    [
        (1, keras.losses.BinaryCrossentropy(from_logits=True), "binary"),
        (3, keras.losses.BinaryCrossentropy(from_logits=True), "multilabel"),
        (3, keras.losses.SparseCategoricalCrossentropy(from_logits=True), "multiclass"),
        (3, "mse", "regression"),
        (3, "mean_absolute_error", "regression"),
        (3, keras.losses.Huber(), "regression"),
    ],
)
def test_the_loss_tells_the_task_of_plain_outputs(units, loss, task, samples):
    """Where no activation tells what a model is for, the loss it was compiled with does."""
    model = model_of(layers.Flatten(), layers.Dense(units), loss=loss)
    observation, _ = observe(model, samples, targets=0)

    sign = -1 if task == "binary" else 1
    assert observation.predictions.task == task
    np.testing.assert_allclose(
        observation.predictions.arrays["score"][0], sign * returned(model, samples)[:, 0]
    )


def segmentation(classes, *behind):
    function = "sigmoid" if classes == 1 else "softmax"
    return model_of(layers.Conv2D(classes, 3, padding="same", activation=function), *behind)


@pytest.mark.parametrize("behind", [(), (layers.Reshape((36, 3)),)], ids=["grid", "reshaped"])
def test_segmentation_scores_are_means_over_the_label_region(behind, samples):
    """The score of a class is its mean z where the label map shows the class."""
    model = segmentation(3, *behind)
    labels = np.random.default_rng(0).integers(0, 3, (4, 6, 6))
    labels[2] = 0
    given = labels.reshape(returned(model, samples).shape[:-1])
    observation, probe = observe(model, samples, targets=(1, "label"), labels=given)

    log_p = np.log(returned(model, samples)).reshape(4, 36, 3)
    z = _scores_of_conv(model, samples)
    np.testing.assert_allclose(
        z - z.max(-1, keepdims=True), log_p - log_p.max(-1, keepdims=True), atol=1e-4
    )
    region = labels.reshape(4, 36) == 1
    with np.errstate(invalid="ignore"):
        expected = (z[..., 1] * region).sum(1) / region.sum(1)
    assert probe.outputs[0].task == "segmentation"
    np.testing.assert_allclose(
        observation.predictions.arrays["score"][0], expected, rtol=1e-4, atol=1e-5
    )
    assert np.isnan(expected[2])
    assert observation.notes == ("Target 'class 1' has no place in sample 2; its score is empty.",)


def _scores_of_conv(model, samples):
    kernel, bias = (keras.ops.convert_to_numpy(w) for w in model.layers[0].weights)
    seen = keras.ops.convert_to_numpy(keras.ops.conv(samples, kernel, padding="same"))
    return (seen + bias).reshape(4, 36, -1)


def test_segmentation_without_labels_uses_the_predicted_region(samples):
    """Without a label map the region is where the model predicts the class."""
    model = segmentation(1)
    z = _scores_of_conv(model, samples)[..., 0]
    observation, _ = observe(model, samples, targets=(1, 0))

    for score, sign in zip(observation.predictions.arrays["score"], (1, -1), strict=True):
        region = sign * z > 0
        with np.errstate(invalid="ignore"):
            expected = (sign * z * region).sum(1) / region.sum(1)
        np.testing.assert_allclose(score, expected, rtol=1e-4, atol=1e-6)


def test_targets_of_their_own_for_each_sample(samples):
    """One index per sample explains another class of each."""
    model = model_of(layers.Flatten(), layers.Dense(3, activation="softmax"))
    every = scores_of(model, samples, targets=(0, 1, 2))
    observation, probe = observe(model, samples, targets=[2, 0, 1, 1])

    np.testing.assert_allclose(
        observation.predictions.arrays["score"][0], every[[2, 0, 1, 1], range(4)], rtol=1e-5
    )
    assert probe.targets == ("given",)


def test_targets_have_names_of_their_own(samples):
    """Names tell targets apart in tags."""

    def loudness(outputs):
        return outputs[:, 0]

    model = model_of(layers.Flatten(), layers.Dense(3, activation="softmax"))
    targets = ("label", "predicted", 2, Contrast(2, "predicted"), loudness, [0, 1, 2, 0], [1] * 4)
    probe = Probe(model, samples, labels=[0, 1, 2, 2], targets=targets)

    assert probe.targets == (
        "label",
        "predicted",
        "class 2",
        "Contrast(class 2, predicted)",
        "loudness",
        "given",
        "given 2",
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"targets": 7}, "A target of the output must be one of its 3 classes, 0 to 2. Rec"),
        ({"targets": -1}, "must be one of its 3 classes"),
        ({"targets": "labels"}, "A target must be 'label', 'predicted', an index"),
        ({"targets": [0, 1]}, "Targets must be one index for each of the 4 samples"),
        ({"targets": np.eye(4)}, "turn one-hot rows into indices"),
        ({"targets": ()}, "At least one target is needed"),
        ({"targets": "label"}, "The target 'label' needs labels"),
        ({"targets": Output("other")}, "has the outputs 0. Received"),
        ({"targets": "label", "labels": [0, 1, 2]}, "one index for each of the 4 samples"),
        ({"targets": "label", "labels": [0, 1, 2, 3]}, "A label of the output must be one of its"),
        ({"targets": "label", "labels": np.eye(4)[:, :3]}, "turn one-hot rows into indices"),
        ({"targets": 0, "labels": [0.5, 1, 1, 1]}, "Labels of classes must be whole numbers"),
        ({"targets": lambda outputs: outputs}, "must return one score per sample"),
    ],
)
def test_targets_that_do_not_fit_are_refused(settings, sentence, samples):
    """One sentence says the rule and what was received."""
    head = layers.Dense(3, activation="softmax")
    with pytest.raises(ValueError, match=sentence.replace("(", "\\(")):
        observe(model_of(layers.Flatten(), head), samples, InputGradient(), **settings)


def test_a_regression_of_several_values_asks_for_one(samples):
    """There is no label among several values; the error says to name one."""
    model = model_of(layers.Flatten(), layers.Dense(3), loss="mse")
    with pytest.raises(ValueError, match="name one of them by its index"):
        Probe(model, samples, targets="predicted")


def two_outputs():
    image = keras.Input((6, 6, 2))
    flat = layers.Flatten()(image)
    kinds = layers.Dense(3, activation="softmax", name="kind")(flat)
    return keras.Model(image, [layers.Dense(2, activation="softmax", name="day")(flat), kinds])


def test_labels_of_the_output_that_a_target_names(samples):
    """Labels that a target uses for the second output say what is right there."""
    model = two_outputs()
    labels = np.array([2, 0, 1, 2])
    observation, _ = observe(model, samples, targets=Output("kind", "label"), labels=labels)

    predictions = observation.predictions
    kinds = keras.ops.convert_to_numpy(model(samples)[1])
    assert (predictions.output, predictions.classes) == ("kind", 3)
    np.testing.assert_array_equal(predictions.arrays["target"][0], labels)
    np.testing.assert_array_equal(predictions.arrays["correct"], kinds.argmax(-1) == labels)


def test_labels_that_no_target_uses_are_of_no_output(samples):
    """Nobody says which of two outputs the labels are for, so nothing is called wrong."""
    observation, probe = observe(
        two_outputs(), samples, targets=Output(1, 2), labels=np.array([2, 0, 1, 2])
    )

    assert probe.outputs[0].name == "kind"
    np.testing.assert_array_equal(observation.predictions.arrays["correct"], [255] * 4)
