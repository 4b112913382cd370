"""Channels shown, pooling, and figures against NumPy."""

import keras
import numpy as np
import pytest

from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explainers import Activations
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def tall():
    """A model of several functions, and six samples of 18 x 24 pixels."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((18, 24, 2)),
            keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="relu"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Conv2D(4, 3, padding="same", activation="sigmoid", name="sigmoid"),
            keras.layers.Conv2D(3, 3, padding="same", name="linear"),
            keras.layers.ReLU(max_value=6, name="six"),
            keras.layers.GlobalMaxPooling2D(name="pool"),
            keras.layers.Dense(7, activation="tanh", name="tanh"),
            keras.layers.Dense(3, name="head"),
        ],
        name="tall",
    )
    kernel, bias = model.get_layer("relu").get_weights()
    bias[2] = -100  # This channel is dead.
    model.get_layer("relu").set_weights([kernel, bias])
    kernel, bias = model.get_layer("sigmoid").get_weights()
    model.get_layer("sigmoid").set_weights([kernel * 20, bias])
    samples = np.random.default_rng(5).normal(size=(6, 18, 24, 2)).astype(np.float32)
    return model, samples


def outputs_of(model, samples):
    """Returns what every layer puts out, computed layer by layer."""
    found, values = {}, samples
    for layer in model.layers:
        values = layer(values, training=False)
        found[layer.name] = keras.ops.convert_to_numpy(values).astype(np.float64)
    return found


@pytest.fixture(scope="module")
def run(tall):
    """One shared pass of the default activations."""
    model, samples = tall
    shared = SharedPass(Probe(model, samples, targets="predicted"), [Activations()])
    return shared.run()


def test_figures_equal_numpy(run, tall):
    """Mean, deviation, dead units, sparsity and saturation are those over all places."""
    outputs = outputs_of(*tall)
    figures = run.statistics.figures
    for index, layer in enumerate(run.statistics.layers):
        values = outputs[layer]
        for name, expected in (
            ("mean", values.mean()),
            ("std", values.std()),
            ("sparsity", (values == 0).mean()),
        ):
            np.testing.assert_allclose(figures[name][index], expected, rtol=1e-4, atol=1e-6)


def test_figures_cover_the_layers_that_are_worth_it(run):
    """Normalisations and pooling have no figures of their own."""
    assert run.statistics.layers == ("relu", "sigmoid", "linear", "six", "tanh", "head")


def test_counts_dead_channels_behind_a_relu_alone(run, tall):
    """A channel that is zero everywhere is dead; without a ReLU there is no such thing."""
    outputs = outputs_of(*tall)
    dead = dict(zip(run.statistics.layers, run.statistics.figures["dead"], strict=True))

    assert dead["relu"] == (outputs["relu"].max(axis=(0, 1, 2)) <= 0).sum() >= 1
    assert np.isnan([dead[name] for name in ("sigmoid", "linear", "tanh", "head")]).all()


def test_measures_saturation_at_the_ends(run, tall):
    """Saturation is the share within 1 % of the range of an end, where there are two."""
    outputs = outputs_of(*tall)
    figures = run.statistics.figures["saturation"]
    saturation = dict(zip(run.statistics.layers, figures, strict=True))

    sigmoid, tanh = outputs["sigmoid"], outputs["tanh"]
    expected = ((sigmoid <= 0.01) | (sigmoid >= 0.99)).mean()
    assert 0.1 < expected < 1
    np.testing.assert_allclose(saturation["sigmoid"], expected, atol=1e-3)
    ends = (np.abs(outputs["six"] - 3) >= 2.94).mean()
    np.testing.assert_allclose(saturation["six"], ends, atol=1e-3)
    np.testing.assert_allclose(saturation["tanh"], (np.abs(tanh) >= 0.98).mean(), atol=1e-6)
    assert np.isnan([saturation[name] for name in ("relu", "linear", "head")]).all()


def test_shows_layers_with_places_and_a_function(run):
    """By default channels of layers with rows, columns and a function are shown."""
    results = run.results

    assert [result.explanation.layer for result in results] == ["relu", "sigmoid", "six"]
    assert [result.target for result in results] == [None] * 3


def test_maps_are_area_means_of_the_strongest_channels(tall):
    """The strongest channels come first, pooled in proportion, all those of a sample together."""
    model, samples = tall
    output = outputs_of(model, samples)["linear"]
    strongest = np.argsort(-np.abs(output).mean(axis=(0, 1, 2)))[:2]

    explanation = Activations(layer="linear", channels=2, size=8).explain(model, samples)

    assert explanation.channels == tuple(strongest) * 6
    assert explanation.samples == (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5)
    assert explanation.signed
    pooled = output.reshape(6, 6, 3, 8, 3, 3).mean(axis=(2, 4))
    expected = np.moveaxis(pooled[..., strongest], -1, 1).reshape(12, 6, 8, 1)
    np.testing.assert_allclose(explanation.values, expected, rtol=1e-4, atol=1e-5)


def test_channels_stay_when_the_model_changes(tall):
    """Channels chosen at the first record are shown for ever, in the same order."""
    model, samples = tall
    shared = SharedPass(
        Probe(model, samples, targets="predicted"), [Activations(layer="linear", channels=2)]
    )
    before = shared.run().results[0].explanation
    weights = model.get_layer("linear").get_weights()
    kept = set(before.channels)
    scale = np.array([1e-3 if channel in kept else 1e3 for channel in range(3)], np.float32)

    model.get_layer("linear").set_weights([weights[0] * scale, weights[1]])
    after = shared.run().results[0].explanation
    model.get_layer("linear").set_weights(weights)

    assert after.channels == before.channels
    assert np.abs(after.values).max() < np.abs(before.values).max()


def test_explainers_of_one_layer_may_show_different_numbers(tall):
    """Each shows the first of the same choice."""
    model, samples = tall
    explainers = [Activations(layer="relu", channels=count) for count in (2, 4)]

    few, many = SharedPass(Probe(model, samples, targets="predicted"), explainers).run().results

    assert few.explanation.channels[:2] == many.explanation.channels[:2]
    assert (len(few.explanation.values), len(many.explanation.values)) == (12, 24)


def test_non_negative_functions_make_unsigned_maps(run):
    """Behind a ReLU or a sigmoid zero is the lowest value."""
    results = run.results

    assert {result.explanation.layer: result.explanation.signed for result in results} == {
        "relu": False,
        "sigmoid": False,
        "six": False,
    }


def test_several_layers_are_named(tall):
    """One explanation shows one layer; the error names those that would do."""
    model, samples = tall

    with pytest.raises(ValueError, match=r"would show 3.*'relu', 'sigmoid', 'six'"):
        Activations().explain(model, samples)


@pytest.mark.parametrize("setting", [{"channels": -1}, {"size": 0}, {"shown_layers": -1}])
def test_settings_have_a_least_value(tall, setting):
    """A setting that makes no sense says what it has to be."""
    model, samples = tall

    with pytest.raises(ValueError, match=r"is at least .*Received: "):
        Activations(**setting).explain(model, samples)


def test_names_what_excites_a_channel(model, world):
    """The peak of each map and its place are those of the map."""
    explanation = Activations(layer="conv").explain(model, world.samples, targets=0)

    flat = explanation.values.reshape(len(explanation.values), -1)
    np.testing.assert_array_equal(explanation.figures["peak"], flat.max(axis=1))
    np.testing.assert_array_equal(explanation.figures["place"], flat.argmax(axis=1))
