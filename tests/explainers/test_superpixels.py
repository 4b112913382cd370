"""LIME and Kernel SHAP over segments: settings, segments, axioms, cost."""

import itertools
import math

import closed_form_masked as closed
import keras
import numpy as np
import pytest
from keras import layers
from queried import assert_same, queried

import tb_explain as tbx
from tb_explain.probe import Probe

NINE = tbx.Grid(3, 3)


@pytest.fixture(scope="module")
def probe(model, world):
    return Probe(model, world.samples, targets=list(world.targets))


@pytest.fixture(scope="module")
def nine(world):
    """The segments of a grid of 3 x 3 over samples of 6 x 5, by hand."""
    labels = np.array([[0, 0, 1, 1, 2]] * 2 + [[3, 3, 4, 4, 5]] * 2 + [[6, 6, 7, 7, 8]] * 2)
    return np.stack([labels] * len(world.samples))


def additive(weights):
    """Returns a model whose score is the sum of weights times inputs, and a constant."""
    model = keras.Sequential([keras.Input(weights.shape), layers.Flatten(), layers.Dense(1)])
    model.set_weights([weights.reshape(-1, 1), np.full(1, 0.5, np.float32)])
    return model


def summed(values, labels):
    """Returns the sum of pixels over each segment, shape `(samples, rows, cols)`."""
    found = np.zeros(labels.shape)
    for n, picture in enumerate(labels):
        for segment in np.unique(picture):
            found[n][picture == segment] = values[n][picture == segment].sum()
    return found


def shapley_values(world, sample, labels):
    """Returns the values by the definition: the mean of what a segment adds to all coalitions."""
    count = labels.max() + 1
    worth = {
        shown: closed.asked(world, sample=sample, labels=labels, hidden=0.0, shown=shown)
        for shown in itertools.product([0, 1], repeat=count)
    }
    values = np.zeros(count)
    for shown, score in worth.items():
        size = sum(shown)
        for segment in range(count):
            if not shown[segment]:
                more = (*shown[:segment], 1, *shown[segment + 1 :])
                weight = math.factorial(size) * math.factorial(count - size - 1)
                values[segment] += weight / math.factorial(count) * (worth[more] - score)
    return values


def test_kernel_shap_finds_shapley_values(probe, world, nine):
    """On 9 segments, whose 512 coalitions are all asked about, the values are exact."""
    found = queried(tbx.KernelSHAP(segments=NINE), probe)

    assert_same(found["map"], closed.segmented(world, shapley_values, labels=nine))
    np.testing.assert_array_equal(found["segments"], 9)
    assert (found["r2"] < 0.9999).all()


@pytest.mark.parametrize("evaluations", [40, 200])
@pytest.mark.parametrize("baseline", [0.0, 0.4])
def test_values_sum_to_the_difference_of_scores(evaluations, baseline, probe, world, nine):
    """However few coalitions are drawn, the sum is the score above that of the baseline."""
    explainer = tbx.KernelSHAP(segments=NINE, evaluations=evaluations, baseline=baseline)

    found = queried(explainer, probe)["map"][..., 0].astype(np.float64)

    total = [sum(one[labels == s][0] for s in range(9)) for one, labels in zip(found, nine)]  # noqa: B905
    empty = np.full_like(world.samples, baseline)
    expected = closed.scores(world, world.samples) - closed.scores(world, empty)
    np.testing.assert_allclose(total, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"evaluations": 40},
        {"evaluations": 61, "seed": 3},
        {"evaluations": 300},
        {"evaluations": 600, "baseline": -0.3},
    ],
    ids=str,
)
def test_kernel_shap_matches_its_definition(settings, probe, world, nine):
    """Whole sizes as far as they go, and the rest drawn with complements."""
    found = queried(tbx.KernelSHAP(segments=NINE, **settings), probe)["map"]

    hidden = settings.get("baseline", 0.0)
    draws = {name: settings[name] for name in settings if name != "baseline"}
    assert_same(found, closed.kernel_shap(world, labels=nine, hidden=hidden, **draws))


def test_drawn_coalitions_come_close_to_the_shapley_values(probe):
    """A third of the coalitions gives nearly what all give."""
    some, every = (
        queried(tbx.KernelSHAP(segments=NINE, evaluations=n), probe)["map"] for n in (170, 512)
    )

    assert np.corrcoef(some.ravel(), every.ravel())[0, 1] > 0.99


@pytest.mark.parametrize(
    "settings",
    [
        {"evaluations": 512},
        {"evaluations": 200, "seed": 4},
        {"evaluations": 100, "ridge": 0.0},
        {"evaluations": 100, "ridge": 3.0, "width": 0.6},
        {"evaluations": 100, "baseline": 0.5},
    ],
    ids=str,
)
def test_lime_matches_its_definition(settings, probe, world, nine):
    """All coalitions or some, without a penalty or with a large one, hidden by either."""
    found = queried(tbx.LIME(segments=NINE, **settings), probe)["map"]

    others = {name: settings[name] for name in settings if name != "baseline"}
    hidden = settings.get("baseline")
    assert_same(found, closed.lime(world, labels=nine, hidden=hidden, **others))


@pytest.mark.parametrize(
    "explainer",
    [
        tbx.LIME(segments=NINE, ridge=0.0, baseline=0.0),
        tbx.LIME(segments=tbx.Grid(6, 5), ridge=0.0, baseline=0.0),
        tbx.KernelSHAP(segments=tbx.Grid(6, 5), evaluations=200),
        tbx.KernelSHAP(segments=tbx.Superpixels(6)),
    ],
    ids=repr,
)
def test_a_model_that_is_a_sum_over_segments_is_recovered(explainer):
    """Its terms are the map, and the fit is perfect."""
    generator = np.random.default_rng(9)
    weights = generator.normal(size=(6, 5, 2)).astype(np.float32)
    samples = generator.normal(size=(3, 6, 5, 2)).astype(np.float32)

    found = explainer.explain(additive(weights), samples, targets=0)

    expected = summed((weights * samples).sum(axis=-1), explainer.segments.of(samples))
    np.testing.assert_allclose(found.values[..., 0], expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.figures["r2"], 1, rtol=1e-5)


def test_the_penalty_of_lime_shrinks():
    """With a ridge the same model has smaller coefficients of the same order."""
    weights = np.random.default_rng(9).normal(size=(6, 5, 1)).astype(np.float32)
    samples = np.ones((1, 6, 5, 1), np.float32)
    free, bound = (
        tbx.LIME(segments=NINE, ridge=ridge, baseline=0.0)
        .explain(additive(weights), samples, targets=0)
        .values.ravel()
        for ridge in (0.0, 20.0)
    )

    assert np.abs(bound).sum() < 0.8 * np.abs(free).sum()
    assert np.corrcoef(free, bound)[0, 1] > 0.95


def test_a_segment_hidden_by_its_mean_keeps_a_flat_sample():
    """A sample of one colour is not changed by its means, and a fit says that it saw nothing."""
    samples = np.full((1, 8, 8, 1), 0.7, np.float32)
    model = additive(np.ones((8, 8, 1), np.float32))

    found = tbx.LIME(segments=tbx.Grid(2, 2)).explain(model, samples, targets=0)

    np.testing.assert_allclose(found.values, 0, atol=1e-4)
    assert np.isnan(found.figures["r2"]).all()


@pytest.mark.parametrize("kind", [tbx.LIME, tbx.KernelSHAP])
def test_samples_with_different_numbers_of_segments_have_the_maps_they_have_alone(
    kind, model, world
):
    """4, 30 and 12 segments side by side, with gaps in the labels."""
    grids = [(2, 2), (6, 5), (4, 3)]
    labels = np.concatenate([tbx.Grid(*grid).of(world.samples[:1]) for grid in grids])
    together = kind(segments=7 * labels - 3, evaluations=60)

    found = together.explain(model, world.samples[:3], targets=1)

    np.testing.assert_array_equal(found.figures["segments"], [4, 30, 12])
    for n in range(3):
        alone = kind(segments=labels[n], evaluations=60).explain(
            model, world.samples[n : n + 1], targets=1
        )
        assert np.abs(alone.values).max() > 0
        np.testing.assert_allclose(found.values[n], alone.values[0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.figures["r2"][n], alone.figures["r2"][0], rtol=1e-4)


@pytest.mark.parametrize(
    ("explainer", "asked"),
    [
        (tbx.LIME(segments=NINE, evaluations=70), 70),
        (tbx.LIME(segments=tbx.Grid(2, 2)), 16),
        (tbx.KernelSHAP(segments=NINE), 512),
        (tbx.KernelSHAP(segments=NINE, evaluations=61), 60),
        (tbx.KernelSHAP(segments=tbx.Grid(6, 5), evaluations=100), 100),
        (tbx.KernelSHAP(segments=tbx.Grid(1, 2)), 4),
    ],
    ids=repr,
)
def test_costs_one_forward_pass_per_coalition(explainer, asked, model, world):
    """No more than there are, and those of Kernel SHAP in pairs."""
    facts = explainer.explain(model, world.samples, targets=0).facts

    assert (facts["forwards"], facts["backwards"]) == (asked * 6, 0)


def test_targets_have_the_maps_that_each_has_alone(model, world):
    """Two targets are explained by the same coalitions, in one go."""
    lime = tbx.LIME(segments=NINE, evaluations=50)

    both = lime.explain(model, world.samples, targets=(1, 3))

    assert both.facts["forwards"] == 50 * 6
    for place, target in enumerate((1, 3)):
        alone = lime.explain(model, world.samples, targets=target)
        span = slice(6 * place, 6 * place + 6)
        np.testing.assert_allclose(both.values[span], alone.values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [tbx.LIME, tbx.KernelSHAP])
@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_broken_sample_stays_alone(kind, broken, model, probe, world):
    """A sample that is not finite breaks no map but its own."""
    samples = world.samples.copy()
    samples[1, 2, 2, 0] = broken
    explainer = kind(segments=NINE, evaluations=40)

    found = queried(explainer, Probe(model, samples, targets=list(world.targets)))["map"]

    whole = queried(explainer, probe)["map"]
    np.testing.assert_allclose(np.delete(found, 1, 0), np.delete(whole, 1, 0), rtol=1e-5)


def test_a_target_that_is_not_finite_has_no_fit():
    """Its coefficients are unknown, and those of the other targets are as they were."""
    explainer = tbx.KernelSHAP()
    coalitions = explainer.coalitions(4)
    scores = np.random.default_rng(1).normal(size=(len(coalitions.weights), 3))
    whole = explainer.fit(coalitions, scores)
    scores[3, 1] = np.nan

    found = explainer.fit(coalitions, scores)

    assert np.isnan(found.coefficients[:, 1]).all()
    np.testing.assert_allclose(found.coefficients[:, ::2], whole.coefficients[:, ::2], rtol=1e-12)
    assert np.isnan(found.quality(coalitions, scores)).tolist() == [False, True, False]
