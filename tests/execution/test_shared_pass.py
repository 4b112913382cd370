"""One pass for all explainers: results, isolation of errors, what is remembered."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import keras
import numpy as np
import pytest

from tb_explain.execution.shared_pass import Memory, SharedPass
from tb_explain.explainers import (
    Activations,
    Attention,
    Filters,
    GradCAM,
    HiResCAM,
    Saliency,
    Weights,
)
from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe import Probe


@final
@dataclass(frozen=True)
class Broken(ClassActivationMap):
    """Raises while the pass is traced."""

    title: ClassVar[str] = "Broken"
    signed: ClassVar[bool] = False
    layer: str | None = None

    def combine(self, activation: Any, gradient: Any, ops: Any) -> Any:
        raise RuntimeError("no such luck")


@final
@dataclass(frozen=True)
class Unsigned(ClassActivationMap):
    """Says that its maps have no sign, and is wrong."""

    title: ClassVar[str] = "Unsigned"
    signed: ClassVar[bool] = False
    layer: str | None = None

    def combine(self, activation: Any, gradient: Any, ops: Any) -> Any:
        return -1 - ops.sum(ops.abs(activation), axis=-1)


@pytest.fixture(scope="module")
def pooled():
    """A network with a pooled linear head, and five samples."""
    keras.utils.set_random_seed(9)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first"),
            keras.layers.Conv2D(
                5, 3, padding="same", activation="relu", bias_initializer="ones", name="second"
            ),
            keras.layers.GlobalAveragePooling2D(name="mean"),
            keras.layers.Dense(
                3, activation="softmax", bias_initializer="random_normal", name="head"
            ),
        ],
        name="pooled",
    )
    return model, np.random.default_rng(2).random((5, 8, 8, 3), dtype=np.float32)


def shared_pass(pooled, explainers, *, targets="predicted", memory=None):
    """Returns a shared pass of the model and samples."""
    model, samples = pooled
    labels = np.array([0, 1, 2, 0, 1])
    return SharedPass(Probe(model, samples, labels=labels, targets=targets), explainers, memory)


def test_one_result_per_layer_and_target(pooled):
    """Maps of a target come per target; filters, weights and activations once."""
    explainers = [GradCAM(), Saliency(), Activations(), Filters(), Weights()]

    results = shared_pass(pooled, explainers, targets=("label", 2)).run().results

    found = [(type(r.explainer).__name__, r.explainer.layer, r.target) for r in results[:2]]
    assert found == [("GradCAM", "second", "label"), ("GradCAM", "second", "class 2")]
    rest = [(type(r.explainer).__name__, r.explanation.layer, r.target) for r in results[2:]]
    assert rest == [
        ("Saliency", None, "label"),
        ("Saliency", None, "class 2"),
        ("Activations", "first", None),
        ("Activations", "second", None),
        ("Filters", "first", None),
        ("Filters", "second", None),
        ("Weights", "head", None),
    ]
    assert all(result.error is None for result in results)


def test_maps_carry_target_and_score(pooled):
    """The index and the score of each map are those of its target."""
    shared = shared_pass(pooled, [GradCAM()], targets=("label", 2))
    explained = shared.run()
    label, second = (result.explanation for result in explained.results)

    assert label.targets == (0, 1, 2, 0, 1)
    assert second.targets == (2,) * 5
    np.testing.assert_array_equal(label.scores, explained.predictions.arrays["score"][0])
    np.testing.assert_array_equal(second.scores, explained.predictions.arrays["score"][1])


def test_hires_cam_sums_to_the_score_without_its_bias(pooled):
    """Behind a pooled linear head the places of HiResCAM share out the score."""
    model, _ = pooled
    bias = keras.ops.convert_to_numpy(model.get_layer("head").bias)

    explanation = shared_pass(pooled, [HiResCAM()]).run().results[0].explanation

    expected = np.array(explanation.scores) - bias[list(explanation.targets)]
    assert np.abs(expected).min() > 1e-3
    np.testing.assert_allclose(explanation.values.sum(axis=(1, 2, 3)), expected, rtol=1e-4)


def test_an_error_stays_with_its_explainer(pooled):
    """An explainer that fails, in the pass or after it, says why and leaves the others alone."""
    results = shared_pass(pooled, [Broken(), GradCAM(), Unsigned(), Filters()]).run().results

    broken, cam, unsigned, *filters = results
    assert broken.explanation is None
    assert "no such luck" in str(broken.error)
    assert unsigned.explanation is None
    assert "signed=True" in str(unsigned.error)
    expected = shared_pass(pooled, [GradCAM()]).run().results[0].explanation.values
    np.testing.assert_allclose(cam.explanation.values, expected, rtol=1e-6, atol=1e-7)
    assert all(result.error is None for result in filters)


def test_raises_what_makes_no_sense_before_the_pass(pooled):
    """A layer that is not there is found when the pass is made."""
    with pytest.raises(ValueError, match=r"No layer 'conv9' in model 'pooled'"):
        shared_pass(pooled, [Saliency(), GradCAM(layer="conv9")])


def test_seconds_share_out_the_pass(pooled):
    """Every result has its part of the time, and together they are not more than the run."""
    shared = shared_pass(pooled, [GradCAM(), Activations(), Weights()])
    start = time.perf_counter()
    results = shared.run().results
    elapsed = time.perf_counter() - start

    assert all(result.seconds > 0 for result in results)
    assert sum(result.seconds for result in results) <= elapsed


def test_traces_once(pooled):
    """Choosing channels and running again takes no second trace."""
    model, samples = pooled
    probe = Probe(model, samples, targets="predicted")
    shared = SharedPass(probe, [GradCAM(), Activations()])
    shared.run()
    traces = probe.traces

    shared.run()

    if keras.backend.backend() != "torch":  # PyTorch runs the formulas each time.
        assert probe.traces == traces == 1


def test_figures_of_all_kernels_are_tabulated(pooled):
    """Without any explainer that reads them, kernels have their norm and change."""
    model, _ = pooled
    shared = shared_pass(pooled, [GradCAM()])
    shared.run()
    kernel, bias = model.get_layer("second").get_weights()
    model.get_layer("second").set_weights([kernel * 1.5, bias])
    statistics = shared.run().statistics
    model.get_layer("second").set_weights([kernel, bias])

    assert statistics.layers == ("first", "second", "head")
    norms = [np.linalg.norm(model.get_layer(name).get_weights()[0]) for name in statistics.layers]
    expected = np.array(norms) * [1, 1.5, 1]
    np.testing.assert_allclose(statistics.figures["norm"], expected, rtol=1e-5)
    np.testing.assert_allclose(statistics.figures["change"], [0, 0.5, 0], rtol=1e-5)
    assert np.isnan(statistics.figures["dead"]).all()


def test_figures_of_outputs_and_kernels_share_a_row(pooled):
    """The table has one row per layer, in the order of execution."""
    shared = shared_pass(pooled, [Activations(), Filters()])
    statistics = shared.run().statistics

    figures: Mapping[str, Any] = statistics.figures
    assert statistics.layers == ("first", "second", "head")
    assert {array.shape for array in figures.values()} == {(3,)}
    assert {array.dtype for array in figures.values()} == {np.dtype(np.float32)}
    assert np.isfinite(figures["mean"]).all()
    assert np.isfinite(figures["norm"]).all()
    assert np.isnan(figures["change"]).all()


def test_only_filters_of_a_picture_have_its_colours(pooled):
    """The first convolution is shown in colours where its inputs are those of a picture."""
    keras.utils.set_random_seed(4)
    signal = keras.Sequential(
        [
            keras.Input((20, 3)),
            keras.layers.Conv1D(4, 5, name="first"),
            keras.layers.GlobalMaxPooling1D(name="most"),
            keras.layers.Dense(2, name="head"),
        ],
        name="signal",
    )
    samples = np.random.default_rng(3).random((2, 20, 3), dtype=np.float32)
    colour, deeper = shared_pass(pooled, [Filters()]).run().results

    assert colour.explanation.values.shape == (4, 3, 3, 3)
    assert deeper.explanation.values.shape == (5, 3, 3, 1)
    assert Filters().explain(signal, samples).values.shape == (4, 1, 5, 1)


def test_memory_outlives_a_pass(pooled):
    """A second fit shows the channels and filters of the first and goes on comparing."""
    model, _ = pooled
    memory = Memory()
    explainers = [Activations(layer="second", channels=2), Filters(layer="second", count=2)]
    before = shared_pass(pooled, explainers, memory=memory).run().results
    kernel, bias = model.get_layer("second").get_weights()
    shown = [*before[0].explanation.channels[:2], *before[1].explanation.channels]
    weaker = np.where(np.isin(np.arange(5), shown), 0.5, 50).astype(np.float32)
    model.get_layer("second").set_weights([kernel * weaker, bias * weaker])

    after = shared_pass(pooled, explainers, memory=memory).run().results
    anew = shared_pass(pooled, explainers).run().results
    model.get_layer("second").set_weights([kernel, bias])

    for old, new, fresh in zip(before, after, anew, strict=True):
        assert new.explanation.channels == old.explanation.channels
        assert fresh.explanation.channels != old.explanation.channels
    np.testing.assert_allclose(after[1].explanation.figures["change"], [0.5, 0.5], rtol=1e-5)


def test_what_is_left_of_a_run_needs_the_model_no_more(pooled):
    """The figures are those of the weights at the run, whatever the training does meanwhile."""
    model, _ = pooled
    shared = shared_pass(pooled, [GradCAM(), Filters()])
    finish = shared.begin()
    kernel, bias = model.get_layer("second").get_weights()
    model.get_layer("second").set_weights([kernel * 3, bias])
    norms = dict(zip(*_norms(finish()), strict=True))
    later = dict(zip(*_norms(shared.run()), strict=True))
    model.get_layer("second").set_weights([kernel, bias])

    np.testing.assert_allclose(norms["second"], np.linalg.norm(kernel), rtol=1e-5)
    np.testing.assert_allclose(later["second"], 3 * np.linalg.norm(kernel), rtol=1e-5)


def _norms(explained):
    return explained.statistics.layers, explained.statistics.figures["norm"]


def test_targets_follow_one_another_in_one_explanation(pooled):
    """`explain` with several targets returns the maps of the first, then of the next."""
    model, samples = pooled
    both = GradCAM().explain(model, samples, targets=(0, 2))
    each = [GradCAM().explain(model, samples, targets=target) for target in (0, 2)]

    assert both.targets == (0,) * 5 + (2,) * 5
    assert both.samples == (0, 1, 2, 3, 4) * 2
    expected = np.concatenate([one.values for one in each])
    np.testing.assert_allclose(both.values, expected, rtol=1e-5, atol=1e-7)


def test_explains_the_label_where_there_is_one(pooled):
    """Without targets the label is explained, or the prediction where there is none."""
    model, samples = pooled
    predicted = np.asarray(keras.ops.convert_to_numpy(model(samples))).argmax(-1)

    assert GradCAM().explain(model, samples, labels=[2, 1, 0, 0, 1]).targets == (2, 1, 0, 0, 1)
    assert GradCAM().explain(model, samples).targets == tuple(predicted)


def test_a_single_explanation_shows_itself_on_its_samples(pooled):
    """What `explain` returns knows its title and the pictures to lie on."""
    model, samples = pooled
    explanation = GradCAM().explain(model, samples)

    assert explanation.title == "Grad-CAM"
    np.testing.assert_array_equal(explanation.pictures, np.rint(samples * 255).astype(np.uint8))
    assert [image.size for image in explanation.images()] == [(8, 8)] * 5


def test_lists_are_no_settings(pooled):
    """An explainer is a value; a list among its settings is answered with what would do."""
    with pytest.raises(ValueError, match=r"are a tuple, such as \(0, 1\).*Received: Attention"):
        shared_pass(pooled, [Attention(heads=[0, 1])])
