"""Pictures that excite channels: their gradients, what is remembered of them, and settings."""

import keras
import numpy as np
import pytest
from closed_form_features import waves
from feature_records import records, rises
from keras import layers

from tb_explain.execution.feature_runner import FeatureRunner
from tb_explain.execution.shared_pass import Memory, SharedPass
from tb_explain.explainers import FeatureVisualization
from tb_explain.explainers.spectrum import Spectrum
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def samples():
    """Four pictures of 8 x 6 pixels between -0.5 and 1."""
    pictures = np.random.default_rng(3).random((4, 8, 6, 3), dtype=np.float32)
    pictures[0, 0, 0, 0], pictures[0, 0, 0, 1] = -0.5, 1
    return pictures


@pytest.fixture(scope="module")
def unchanged():
    """A linear and a rectified convolution, and a head."""
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((8, 6, 3)),
            layers.Conv2D(5, 3, padding="same", name="linear"),
            layers.ReLU(name="relu"),
            layers.Conv2D(4, 3, activation="relu", bias_initializer="ones", name="last"),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(3, activation="softmax", name="head"),
        ],
        name="two",
    )


@pytest.fixture
def model(unchanged):
    """The model; weights that a test changes come back."""
    weights = unchanged.get_weights()
    yield unchanged
    unchanged.set_weights(weights)


@pytest.fixture(scope="module")
def probe(unchanged, samples):
    """Sees inside the model; what it compiles serves all tests."""
    return Probe(unchanged, samples, targets=(0,))


def test_first_step_goes_along_the_gradient_of_a_linear_channel(model, probe):
    """On a linear layer the gradient for each pixel is known: the weights that read it."""
    explainer = FeatureVisualization("linear", channels=5, iterations=1, jitter=0, rate=1e-2)
    kernel = model.get_layer("linear").get_weights()[0].astype(np.float64)
    spectrum = Spectrum(8, 6, 3)
    noise = 0.01 * np.random.default_rng(0).normal(size=(2, *spectrum.shape))[0]
    colours = np.array([[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]])
    colours /= np.linalg.norm(colours, axis=0).max()
    matrix = np.einsum("rcuvk,ij->rcijuvk", waves(8, 6), colours)
    reads = np.zeros((10, 8, 3, 5))
    for row in range(8):
        for col in range(6):
            reads[row : row + 3, col : col + 3] += kernel / 48
    share = 1 / (1 + np.exp(-np.einsum("rcijuvk,juvk->rci", matrix, noise)))
    slope = reads[1:-1, 1:-1] * 1.5 * (share * (1 - share))[..., None]
    gradient = np.einsum("rcijuvk,rcif->fjuvk", matrix, slope)
    size = np.sqrt((gradient**2).mean(axis=(1, 2, 3, 4), keepdims=True))
    direction = gradient / (np.abs(gradient) + 1e-3 * size)
    expected = np.einsum("rcijuvk,fjuvk->frci", matrix, 0.95 * noise + 1e-2 * direction)

    (explanation,) = records(probe, explainer)

    np.testing.assert_allclose(explanation.values, np.tanh(expected / 2), rtol=1e-5, atol=1e-6)
    assert explanation.facts["low"] == -0.5
    assert explanation.facts["high"] == 1


@pytest.mark.parametrize("layer", ["linear", "last", "head", "mean"])
def test_channels_answer_more(probe, layer):
    """Each channel answers its picture more than the noise from which it started."""
    (explanation,) = records(probe, FeatureVisualization(layer, iterations=24))

    assert rises(explanation)
    assert explanation.layer == layer
    assert explanation.values.shape[1:] == (8, 6, 3)
    assert np.abs(explanation.values).max() <= 1


def test_figures_are_what_the_layer_answers(model, probe):
    """The activation of a record is that of the layer for the pictures which the record shows."""
    (explanation,) = records(probe, FeatureVisualization("last", iterations=5))
    pictures = -0.5 + 1.5 * (explanation.values + 1) / 2
    inside = keras.Model(model.inputs[0], model.get_layer("last").output)
    answers = keras.ops.convert_to_numpy(inside(pictures)).mean(axis=(1, 2))

    expected = answers[np.arange(4), list(explanation.channels)]

    np.testing.assert_allclose(explanation.figures["activation"], expected, rtol=1e-4)


def test_continues_from_the_previous_record(probe):
    """Two records of an unchanged model are one that took the iterations of both."""
    parts = FeatureVisualization("last", iterations=6, continued=5)
    whole = FeatureVisualization("last", iterations=11)

    first, second = records(probe, parts, count=2)
    (expected,) = records(probe, whole)

    np.testing.assert_array_equal(second.values, expected.values)
    np.testing.assert_array_equal(second.figures["start"], first.figures["activation"])
    assert [first.facts["iterations"], second.facts["iterations"]] == [6, 11]


def test_second_fit_continues_the_first(probe):
    """What is remembered outlives the pass, and another model of the same layers goes on."""
    explainer, memory = FeatureVisualization("last", iterations=6, continued=2), Memory()

    records(probe, explainer, memory=memory)
    (explanation,) = records(probe, explainer, memory=memory)

    assert explanation.facts["iterations"] == 8


def test_begins_anew_where_the_shape_changed(probe):
    """Pictures of another size cannot be continued."""
    explainer, memory = FeatureVisualization(iterations=3, continued=2), Memory()
    inputs = keras.Input((9, 7, 3))
    other = keras.Sequential([inputs, layers.Conv2D(4, 3, name="last")], name="two")

    records(probe, explainer, memory=memory)
    larger = np.random.default_rng(0).random((2, 9, 7, 3), dtype=np.float32)
    (explanation,) = records(Probe(other, larger, targets=(1,)), explainer, memory=memory)

    assert explanation.facts["iterations"] == 3


def test_follows_a_model_that_changes(model, probe):
    """A channel that turns around turns its picture around, and starts from the old one."""
    explainer = FeatureVisualization("linear", iterations=32, continued=32)
    memory = Memory()
    (first,) = records(probe, explainer, memory=memory)
    layer = model.get_layer("linear")
    layer.set_weights([-weights for weights in layer.get_weights()])

    (second,) = records(probe, explainer, memory=memory)

    np.testing.assert_allclose(
        second.figures["start"], -first.figures["activation"], rtol=1e-5, atol=1e-6
    )
    assert rises(second)
    assert (first.values * second.values).sum() < 0


def test_does_not_become_harsher_with_the_number_of_records(probe):
    """Contrast settles, so that pictures of early and late records can be compared."""
    explainer = FeatureVisualization("linear", channels=2)
    explanations = records(probe, explainer, count=8)
    contrast = [np.abs(explanation.values).mean() for explanation in explanations]

    np.testing.assert_allclose(contrast[-1], contrast[2], rtol=0.1)


def test_seed_fixes_everything(probe):
    """The same seed gives the same bits, another one other pictures."""
    (first,) = records(probe, FeatureVisualization(iterations=3, seed=1))
    (again,) = records(probe, FeatureVisualization(iterations=3, seed=1))
    (other,) = records(probe, FeatureVisualization(iterations=3, seed=2))

    np.testing.assert_array_equal(again.values, first.values)
    assert np.abs(other.values - first.values).max() > 0.01


def test_samples_count_by_their_range_alone(unchanged, probe, samples):
    """One sample that spans the range gives the same pictures as all."""
    (together,) = records(probe, FeatureVisualization(iterations=4))
    (alone,) = records(
        Probe(unchanged, samples[:1], targets=(0,)), FeatureVisualization(iterations=4)
    )

    np.testing.assert_allclose(alone.values, together.values, rtol=1e-5, atol=1e-6)


def test_counts_what_it_costs(probe):
    """A record costs two passes beside its iterations; of each as many rows as channels."""
    explainer = FeatureVisualization("linear", channels=3, iterations=4, continued=1)

    facts = [explanation.facts for explanation in records(probe, explainer, count=2)]

    assert [(fact["forwards"], fact["backwards"]) for fact in facts] == [(18, 18), (9, 9)]


def test_is_recorded_as_often_as_it_says(probe):
    """With `every=2` each second record has pictures."""
    shared = SharedPass(probe, (FeatureVisualization(iterations=1, every=2),))

    assert [len(shared.run().results) for _ in range(3)] == [1, 0, 1]


def test_pictures_in_parts_are_those_of_one_pass(unchanged, probe, samples):
    """A small memory budget cuts the channels into several passes and changes nothing."""
    explainer = FeatureVisualization("linear", channels=5, iterations=3)
    small = Probe(unchanged, samples, targets=(0,), memory_budget=1000)
    assert small.batch_size == 1

    (whole,) = records(probe, explainer)
    (parts,) = records(small, explainer)

    np.testing.assert_allclose(parts.values, whole.values, rtol=1e-4, atol=1e-5)
    assert parts.facts["forwards"] == whole.facts["forwards"]


def test_dead_channel_keeps_its_picture_and_a_sleeping_one_wakes(model, probe):
    """Behind a ReLU nothing may answer grey: then the picture looks for what does."""
    layer = model.get_layer("last")
    kernel, bias = layer.get_weights()
    kernel[..., 0], bias[0] = np.abs(kernel[..., 0]), -1e6
    start = FeatureVisualization("last", channels=4, iterations=1)
    layer.set_weights([kernel, np.zeros(4, np.float32)])
    grey = records(probe, start)[0].figures["start"]
    bias[1:] = -1.01 * grey[1:] - 0.2 * grey[1:].max()
    layer.set_weights([kernel, bias])

    (explanation,) = records(probe, FeatureVisualization("last", channels=4))

    assert explanation.figures["start"][0] == explanation.figures["activation"][0] == 0
    assert np.abs(explanation.values[0]).max() < 0.05
    assert explanation.figures["activation"][1:].max() > 0


def test_layer_without_a_gradient_is_a_sentence(model, probe):
    """Nothing is shown of a layer that answers to no picture, and later records begin anew."""
    layer = model.get_layer("last")
    weights = layer.get_weights()
    runner = FeatureRunner(probe, (FeatureVisualization("last", iterations=2),), Memory())

    for broken in (np.full(4, -1e6, np.float32), np.full(4, np.nan, np.float32)):
        layer.set_weights([weights[0], broken])
        error = runner.run({1})[-1].error
        assert isinstance(error, ValueError)
        assert "Layer 'last' answers nothing" in str(error)
        assert "Received" in str(error)
    layer.set_weights(weights)

    assert runner.run({1})[-1].explanation.facts["iterations"] == 2


@pytest.mark.parametrize(
    ("channels", "shown"),
    [(1, (0,)), (3, (0, 2, 4)), (64, (0, 1, 2, 3, 4)), ((4, 1), (4, 1)), ([3], (3,))],
)
def test_channels_by_number_and_by_index(probe, channels, shown):
    """A number means channels spaced evenly; too many mean all."""
    explainer = FeatureVisualization("linear", channels=channels, iterations=1)

    (explanation,) = records(probe, explainer)

    assert explanation.channels == shown


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"channels": 0}, "`channels`"),
        ({"channels": -1}, "`channels`"),
        ({"channels": ()}, "`channels`"),
        ({"channels": (1, 1)}, "`channels`"),
        ({"channels": 2.5}, "`channels`"),
        ({"channels": True}, "`channels`"),
        ({"layer": "linear", "channels": (5,)}, "has 5 channels, 0 to 4"),
        ({"layer": "linear", "channels": (-1,)}, "has 5 channels, 0 to 4"),
        ({"iterations": 0}, "`iterations`"),
        ({"continued": -1}, "`continued`"),
        ({"jitter": 0.5}, "`jitter`"),
        ({"seed": -1}, "`seed`"),
        ({"rate": 0}, "`rate`"),
        ({"rate": float("nan")}, "`rate`"),
        ({"decay": 1}, "`decay`"),
        ({"recorded_size": 0}, "at least one cell"),
        ({"layer": "conv9"}, "No layer 'conv9'"),
    ],
)
def test_wrong_settings_are_sentences(probe, settings, sentence):
    """A setting that makes no sense is answered before anything runs."""
    with pytest.raises(ValueError, match=f"{sentence}.*Received"):
        FeatureRunner(probe, (FeatureVisualization(**settings),), Memory())


@pytest.mark.parametrize("value", [0.5, np.nan])
def test_samples_without_a_range_are_a_sentence(unchanged, value):
    """Where all samples are one value there is nothing between which pixels could move."""
    probe = Probe(unchanged, np.full((2, 8, 6, 3), value, np.float32), targets=(0,))

    with pytest.raises(ValueError, match=r"samples of several values.*Received"):
        FeatureRunner(probe, (FeatureVisualization(),), Memory())
