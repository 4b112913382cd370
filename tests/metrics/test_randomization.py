"""Maps of random weights: what is made random, that it comes back, and what the figures say."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from event_files import headers_of, scalars_of
from judged import some_pictures
from skimage.metrics import structural_similarity

import tb_explain as tbx
from tb_explain.execution.model_measuring import explained_model
from tb_explain.explanation import Explanation
from tb_explain.metrics import Maps, ParameterRandomization, StructuralRandomization
from tb_explain.metrics.structural_similarity import structural_similarities
from tb_explain.probe import Probe

SIZE = (12, 10, 2)
PICTURES = some_pictures(4, SIZE)
LABELS = [0, 1, 2, 1]
LAYERS = ("first", "second", "head")


def network():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input(SIZE),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Conv2D(5, 3, padding="same", activation="relu", name="second"),
            keras.layers.GlobalAveragePooling2D(name="mean"),
            keras.layers.Dropout(0.5, seed=1, name="dropout"),
            keras.layers.Dense(3, "softmax", bias_initializer="random_normal", name="head"),
        ],
        name="small",
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.train_on_batch(PICTURES, np.array(LABELS))
    return model


def everything_of(model):
    """Returns all values that belong to a model: weights, streams, optimizer, metrics."""
    variables = [*model.variables, *model.optimizer.variables]
    return [np.array(keras.ops.convert_to_numpy(each.value)).tobytes() for each in variables]


def kernels_of(model):
    return {path: np.array(model.get_layer(path).kernel) for path in LAYERS}


class BrokenError(Exception):
    """Stops an explanation."""


def watched(model, explainer, metric, *, fails_at=None):
    """Returns the figures of a metric, and maps and kernels at each of its stages.

    Args:
        model: The model.
        explainer: What explains it.
        metric: What is measured.
        fails_at: Stage at which explaining raises.
    """
    explanation = explainer.explain(model, PICTURES, targets=LABELS)
    probe = Probe(model, PICTURES, targets=LABELS)
    asked = explained_model(probe, probe.queries(), explanation, explainer=explainer, place=0)
    kernels, maps = [], []

    def anew(samples):
        kernels.append(kernels_of(model))
        if len(kernels) == fails_at:
            raise BrokenError
        maps.append(asked.anew(samples))
        return maps[-1]

    figures = metric.measure(replace(asked, anew=anew), keras.ops)
    return figures, maps, kernels


def slow_correlation(one, other):
    """Spearman's, by counting."""
    if not (np.ptp(one) and np.ptp(other)):
        return np.nan
    ranks = [
        [(cells < cell).sum() + (cells == cell).sum() / 2 for cell in cells]
        for cells in (one.ravel(), other.ravel())
    ]
    return np.corrcoef(*ranks)[0, 1]


@pytest.mark.parametrize("stages", [2, 9])
def test_layers_become_random_from_the_top_down(stages):
    """Each stage adds layers below, the last has all; a kernel keeps its values."""
    model = network()
    before = kernels_of(model)
    _, _, kernels = watched(model, tbx.Saliency(), ParameterRandomization(stages=stages))
    changed = [
        [path for path in LAYERS if (found[path] != before[path]).any()] for found in kernels
    ]

    expected = {2: [2, 3], 9: [1, 2, 3]}[stages]
    assert changed == [list(LAYERS[-count:]) for count in expected]
    for path in LAYERS:
        np.testing.assert_array_equal(
            np.sort(kernels[-1][path].ravel()), np.sort(before[path].ravel())
        )


@pytest.mark.parametrize("explainer", [tbx.GradCAM("first"), tbx.LRP()], ids=str)
def test_the_figure_is_the_mean_of_the_stages(explainer):
    """It is the rank correlation with the map of the trained model, counted by hand."""
    model = network()
    trained = explainer.explain(model, PICTURES, targets=LABELS).values.mean(axis=3)
    figures, maps, _ = watched(model, explainer, ParameterRandomization(stages=3))
    likeness = np.array(
        [
            [
                slow_correlation(one, other)
                for one, other in zip(stage.mean(axis=3), trained, strict=True)
            ]
            for stage in maps
        ]
    )
    counted = (~np.isnan(likeness)).sum(axis=0)  # A constant map has no order to compare.
    expected = np.where(counted, np.nansum(likeness, axis=0) / np.maximum(counted, 1), np.nan)

    np.testing.assert_allclose(figures, expected, atol=1e-6)
    assert np.nanmax(np.abs(figures)) < 0.9


def test_everything_is_put_back():
    """Weights, statistics, optimizer and streams are bitwise what they were."""
    model = network()
    before = everything_of(model)
    watched(model, tbx.GradCAM(), StructuralRandomization())

    assert everything_of(model) == before


def test_everything_is_put_back_when_something_raises():
    """Also where explaining fails in the middle of the cascade."""
    model = network()
    before = everything_of(model)
    with pytest.raises(BrokenError):
        watched(model, tbx.GradCAM(), ParameterRandomization(stages=3), fails_at=2)

    assert everything_of(model) == before


def test_what_shows_the_picture_is_found_out():
    """A method that answers the sample itself stays what it was; one that explains does not."""
    model = network()
    explanation = tbx.InputXGradient().explain(model, PICTURES, targets=LABELS)
    shows = replace(explanation, values=PICTURES)
    probe = Probe(model, PICTURES, targets=LABELS)
    asked = explained_model(probe, probe.queries(), shows, explainer=tbx.Saliency(), place=0)
    edges = replace(asked, anew=lambda samples: np.array(samples))

    for metric in (ParameterRandomization(), StructuralRandomization()):
        np.testing.assert_allclose(metric.measure(edges, keras.ops), 1, atol=1e-6)


def test_a_stage_without_a_map_says_nothing():
    """Where maps of random weights are constant, the other stages count; without any, none."""
    model = network()
    explanation = tbx.Saliency().explain(model, PICTURES, targets=LABELS)
    probe = Probe(model, PICTURES, targets=LABELS)
    asked = explained_model(probe, probe.queries(), explanation, explainer=tbx.Saliency(), place=0)
    answers = iter([np.zeros_like(explanation.values), explanation.values])
    metric = ParameterRandomization(stages=2)

    found = metric.measure(replace(asked, anew=lambda samples: next(answers)), keras.ops)
    np.testing.assert_allclose(found, 1, atol=1e-6)
    still = np.zeros_like(explanation.values)
    zeros = replace(asked, anew=lambda samples: still, randomized={})
    assert np.isnan(metric.measure(zeros, keras.ops)).all()


@pytest.mark.parametrize("shape", [(7, 7), (9, 14)])
def test_ssim_is_that_of_another_library(shape):
    """The same windows and constants as scikit-image, on maps whose largest magnitude is 1."""
    random = np.random.default_rng(0)
    one, other = (random.normal(size=(3, *shape, 1)).astype(np.float32) for _ in range(2))
    both = [of_values(values) for values in (one, one + other / 2)]
    found = structural_similarities(*both)

    for index, figure in enumerate(found):
        a, b = (maps.values[index] / np.abs(maps.values[index]).max() for maps in both)
        a, b = (a + 1) / 2, (b + 1) / 2
        assert figure == pytest.approx(structural_similarity(a, b, data_range=1.0), abs=1e-6)


def test_ssim_of_known_maps():
    """1 with itself whatever the scale, below 0 with the opposite, undefined for zeros."""
    values = np.random.default_rng(0).normal(size=(2, 5, 4, 1)).astype(np.float32)
    values[1] = 0
    maps, larger, opposite = (of_values(factor * values) for factor in (1, 9, -1))

    np.testing.assert_allclose(structural_similarities(maps, larger), [1, np.nan], atol=1e-6)
    assert structural_similarities(maps, opposite)[0] < -0.5
    assert np.isnan(structural_similarities(*[of_values(np.ones((1, 1, 1, 1)))] * 2)).all()


def of_values(values):
    about = {"kind": "attribution", "signed": True, "samples": tuple(range(len(values)))}
    return Maps.of(Explanation(values=values.astype(np.float32), **about))


@pytest.mark.parametrize("wrong", [{"stages": 0}, {"seed": -1}], ids=str)
def test_settings_that_make_no_sense_are_refused(wrong):
    """The first record finds it, before training."""
    explanation = tbx.Saliency().explain(network(), PICTURES, targets=LABELS)
    with pytest.raises(ValueError, match="at least 1 stage"):
        ParameterRandomization(**wrong)(explanation, network(), PICTURES, explainer=tbx.Saliency())


def test_a_training_does_not_notice(tmp_path):
    """Weights after a training with the callback are bitwise those of one without it."""
    metrics = [tbx.metrics.Strength(), ParameterRandomization(every=2, stages=2)]
    trained = []
    for recorded in (True, False):
        model = network()
        explain = tbx.Explain(
            tmp_path, PICTURES, LABELS, explainers=[tbx.GradCAM()], metrics=metrics, alerts=[]
        )
        callbacks = [explain] if recorded else []
        keras.utils.set_random_seed(0)
        model.fit(PICTURES, np.array(LABELS), epochs=3, verbose=0, callbacks=callbacks)
        trained.append(everything_of(model)[: len(model.weights)])

    assert trained[0] == trained[1]
    headers = headers_of(tmp_path / "explain", "attribution")
    name = ParameterRandomization.name
    assert [name in header["figures"] for header in headers] == [True, False, True, False]
    assert all(name in header["facts"]["metrics"] for header in headers)
    points = scalars_of(tmp_path / "explain")[f"explain/{name}/GradCAM/second/label"]
    assert [step for step, _ in points] == [0, 2]


def test_pretrained_models_are_told_of_it(tmp_path):
    """The note that there is no control names what judges trained models, unless it is there."""
    notes = []
    for name, metrics in (("without", None), ("with", [ParameterRandomization()])):
        with tbx.Recorder(
            tmp_path / name,
            network(),
            PICTURES,
            LABELS,
            explainers=[tbx.GradCAM()],
            metrics=metrics,
        ) as recorder:
            recorder.record(0)
        (header,) = headers_of(tmp_path / name / "explain", "progress")
        notes.append(" ".join(header["notes"]))

    assert all("no control" in note for note in notes)
    assert ["ParameterRandomization" in note for note in notes] == [True, False]


def test_a_cascade_is_gone_through_once_for_both_metrics():
    """The second metric of the same maps, stages and seed explains nothing anew."""
    model = network()
    explanation = tbx.Saliency().explain(model, PICTURES, targets=LABELS)
    probe = Probe(model, PICTURES, targets=LABELS)
    asked = explained_model(probe, probe.queries(), explanation, explainer=tbx.Saliency(), place=0)
    made = []

    def anew(samples):
        made.append(samples)
        return asked.anew(samples)

    counted = replace(asked, anew=anew)
    metrics = [
        ParameterRandomization(stages=2),
        StructuralRandomization(stages=2),
        ParameterRandomization(stages=2, seed=1),
        StructuralRandomization(stages=3),
    ]
    found = [each.measure(counted, keras.ops) for each in metrics]

    assert len(made) == 2 + 2 + 3
    for metric, figures in zip(metrics, found, strict=True):
        alone = metric(explanation, model, PICTURES, explainer=tbx.Saliency(), targets=LABELS)
        np.testing.assert_allclose(figures, alone, atol=1e-6)
