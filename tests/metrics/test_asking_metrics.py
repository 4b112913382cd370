"""Infidelity, max-sensitivity and completeness, in closed form on models that anybody computes."""

import numpy as np
import pytest
from judged import SIZE, Judge, infidelity, linear, max_sensitivity, score_of, some_pictures
from measured import explanation_of, some_maps

import tb_explain as tbx
from tb_explain.metrics import Completeness, Infidelity, MaxSensitivity

PICTURES = some_pictures()
BASELINE = some_pictures(seed=8)
LABELS = [0, 1, 2, 1, 0]


@pytest.fixture(scope="module")
def model():
    return linear()


@pytest.fixture(scope="module")
def judge(model):
    return Judge(model, PICTURES, LABELS)


@pytest.fixture(scope="module")
def shares(model):
    """What each pixel adds to the score above the baseline, which a linear model says itself."""
    kernel, _ = model.get_layer("head").get_weights()
    weights = np.stack([kernel[:, label].reshape(SIZE) for label in LABELS])
    return ((PICTURES - BASELINE) * weights).sum(axis=-1)


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_infidelity_is_that_of_a_plain_loop(share, scaled, model, judge):
    """Rectangles that are covered pixel by pixel give the same error."""
    maps = np.abs(some_maps(5, *SIZE[:2]))
    metric = Infidelity(points=7, share=share, baseline=BASELINE, scaled=scaled, seed=4)
    found = judge(metric, explanation_of(maps))

    size = [max(1, round(share * side)) for side in SIZE[:2]]
    ends = [side - part + 1 for side, part in zip(SIZE[:2], size, strict=True)]
    corners = np.random.default_rng(4).integers(0, ends, (7, 2)).tolist()
    expected = [
        infidelity(score_of(model, label), picture, cells, baseline, corners, size, scaled)
        for label, picture, cells, baseline in zip(LABELS, PICTURES, maps, BASELINE, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_infidelity_of_the_truth_is_zero(judge, shares):
    """A map of what each pixel adds foretells every fall, in whatever unit if that is left open."""
    truth = explanation_of(shares)

    for metric in (Infidelity(baseline=BASELINE, scaled=False), Infidelity(baseline=BASELINE)):
        np.testing.assert_allclose(judge(metric, truth), 0, atol=1e-9)
    times = explanation_of(1000 * shares)
    np.testing.assert_allclose(judge(Infidelity(baseline=BASELINE), times), 0, atol=1e-9)


def test_infidelity_of_the_opposite_is_one(judge, shares):
    """A map with the wrong sign is of no use, not a perfect one with a factor below zero."""
    found = judge(Infidelity(baseline=BASELINE), explanation_of(-shares))

    np.testing.assert_allclose(found, 1, atol=1e-9)


def test_infidelity_is_not_defined_without_a_map_or_a_fall(judge):
    """Maps of zeros foretell nothing, and a baseline that is the sample changes nothing."""
    zeros = explanation_of(np.zeros((5, *SIZE[:2])))
    assert np.isnan(judge(Infidelity(), zeros)).all()
    maps = explanation_of(some_maps(5, *SIZE[:2]))
    assert np.isnan(judge(Infidelity(baseline=PICTURES), maps)).all()


def test_max_sensitivity_is_that_of_a_plain_loop(model, judge):
    """Noise of the stated range, the same for all samples, and the largest change of a map."""
    explainer = tbx.InputXGradient()
    explanation = explainer.explain(model, PICTURES, targets=LABELS)
    metric = MaxSensitivity(points=6, radius=0.1, seed=3)
    found = judge(metric, explanation, explainer)

    kernel, _ = model.get_layer("head").get_weights()
    draws = [np.random.default_rng([3, point]).uniform(-1, 1, SIZE) for point in range(6)]
    weights = kernel.T.reshape(-1, *SIZE)
    expected = [
        max_sensitivity(weights[label], picture, [0.1 * np.ptp(picture) * each for each in draws])
        for label, picture in zip(LABELS, PICTURES, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_map_that_ignores_the_sample_is_not_sensitive(model, judge):
    """The gradient of a linear model is the same everywhere."""
    explanation = tbx.Saliency().explain(model, PICTURES, targets=LABELS)

    np.testing.assert_array_equal(judge(MaxSensitivity(), explanation, tbx.Saliency()), 0)


@pytest.mark.parametrize(
    "explainer",
    [
        tbx.IntegratedGradients(points=2, baseline=0.3),
        tbx.GradientSHAP(points=4),
        tbx.DeepLIFT(baseline=0.3),
        tbx.InputXGradient(),
    ],
    ids=lambda explainer: type(explainer).__name__,
)
def test_a_linear_model_is_divided_without_a_gap(explainer, model, judge):
    """What is stated to add up adds up, and a map with half of it lacks half."""
    explanation = explainer.explain(model, PICTURES, targets=LABELS)
    np.testing.assert_allclose(judge(Completeness(), explanation, explainer), 0, atol=1e-4)

    half = explanation_of(explanation.values[..., 0] / 2)
    np.testing.assert_allclose(judge(Completeness(), half, explainer), 0.5, atol=1e-4)


def test_relevance_adds_up_to_the_score(model, judge):
    """Of LRP without a bias, what is divided is the score itself."""
    explanation = tbx.LRP().explain(model, PICTURES, targets=LABELS)
    kept = explanation.figures["kept"]

    found = judge(Completeness(), explanation, tbx.LRP())
    np.testing.assert_allclose(found, np.abs(kept - 1), rtol=1e-3)


def test_completeness_agrees_with_what_explainers_say_themselves(classifier, images, labels):
    """Integrated gradients of too few points have the gap that stands beside their maps."""
    model = classifier()
    explainer = tbx.IntegratedGradients(points=2, baseline=tbx.Blurred())
    explanation = explainer.explain(model, images, labels=labels)
    found = Completeness()(explanation, model, images, explainer=explainer)

    assert found.max() > 1e-3
    np.testing.assert_allclose(found, explanation.figures["gap"], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Infidelity(points=0), "at least 1 point"),
        (Infidelity(share=1.0), "a share above 0 and below 1"),
        (Infidelity(seed=-1), "A seed is a whole number"),
        (Infidelity(baseline=np.zeros((4, 4, 3))), "A baseline picture has the shape"),
        (MaxSensitivity(points=0), "at least 1 point"),
        (MaxSensitivity(radius=0.0), "a finite share of the range"),
        (MaxSensitivity(seed=-1), "A seed is a whole number"),
        (Completeness(every=0), "at every record"),
    ],
    ids=repr,
)
def test_settings_that_make_no_sense_are_refused(metric, sentence, judge):
    """One sentence says the rule."""
    with pytest.raises(ValueError, match=sentence):
        judge(metric, explanation_of(some_maps(5, *SIZE[:2])), tbx.Saliency())
