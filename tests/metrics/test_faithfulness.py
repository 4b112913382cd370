"""Deletion and insertion, against loops over pixels and on maps that anybody can judge."""

import keras
import numpy as np
import pytest
from judged import SIZE, Judge, deletion, insertion, linear, probability_of, score_of, some_pictures
from measured import explanation_of, some_maps

from tb_explain.metrics import Deletion, Insertion

PICTURES = some_pictures()
BASELINE = some_pictures(seed=8)
LABELS = [0, 1, 2, 1, 0]
OBJECT = np.zeros((10, 10))
OBJECT[2:6, 3:8] = 1


@pytest.fixture(scope="module")
def model():
    return linear()


@pytest.fixture(scope="module")
def judge(model):
    return Judge(model, PICTURES, LABELS)


@pytest.fixture(scope="module")
def on_object():
    """Returns the figure of a map on a white picture whose score is the mean on the object."""
    model = linear(1, (10, 10, 1), None)
    model.compile("sgd", "mse")
    model.get_layer("head").set_weights([OBJECT.reshape(-1, 1) / OBJECT.sum(), np.zeros(1)])
    white = Judge(model, np.ones((1, 10, 10, 1), np.float32), [0])
    return lambda values, metric: float(white(metric, explanation_of([values]))[0])


@pytest.mark.parametrize("score", [False, True], ids=["probability", "score"])
@pytest.mark.parametrize("points", [1, 4, 10, 42, 60])
@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
@pytest.mark.parametrize(("kind", "define"), [(Deletion, deletion), (Insertion, insertion)])
def test_is_the_area_of_a_plain_loop(kind, define, ties, points, score, model, judge):
    """Pixels that change one by one give the same area, also with more points than pixels."""
    maps = some_maps(5, *SIZE[:2], ties=ties)
    metric = kind(points=points, baseline=BASELINE, score=score)
    found = judge(metric, explanation_of(maps))

    value = score_of if score else probability_of
    expected = [
        define(value(model, label), picture, cells, baseline, points)
        for label, picture, cells, baseline in zip(LABELS, PICTURES, maps, BASELINE, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", [Deletion, Insertion])
def test_enlarges_coarse_maps(kind, judge):
    """A map of few cells stands for the bilinear one that the tab shows."""
    coarse = some_maps(5, 3, 2).astype(np.float32)
    fine = np.asarray(keras.ops.image.resize(coarse[..., None], SIZE[:2]))[..., 0]
    metric = kind(points=6, baseline=0.5)

    found = judge(metric, explanation_of(coarse))
    np.testing.assert_allclose(found, judge(metric, explanation_of(fine)), atol=1e-6)
    assert np.ptp(found) > 0


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        (OBJECT, 0.1),
        (1 - OBJECT, 0.9),
        (OBJECT - 5 * np.tril(np.ones((10, 10))) * (1 - OBJECT), 0.1),
        (-OBJECT, 0.9),
        (np.ones((10, 10)), np.nan),
        (np.zeros((10, 10)), np.nan),
    ],
    ids=["object", "inverse", "signed", "against", "uniform", "zero"],
)
def test_known_maps(values, lost, on_object):
    """The object itself is lost and found at once, its inverse at last; order is all that counts.

    The object takes a fifth of the picture, so that its score falls to 0 over that share.
    """
    deleted = on_object(values, Deletion(baseline=0.0))
    np.testing.assert_allclose(deleted, lost, atol=1e-6)
    np.testing.assert_allclose(on_object(values, Insertion(baseline=0.0)), 1 - lost, atol=1e-6)


def test_a_map_of_one_pixel_goes_on_from_the_top_left(on_object):
    """Equal pixels change in the order of reading."""
    pixel = np.zeros((10, 10))
    pixel[5, 7] = 1
    in_order = np.linspace(2, 1, 100).reshape(10, 10)
    in_order[5, 7] = 3

    found = on_object(pixel, Deletion(baseline=0.0))
    assert found == on_object(in_order, Deletion(baseline=0.0))
    assert found < on_object(pixel.T, Deletion(baseline=0.0))


def test_negative_zero_is_zero(on_object):
    """Two ways to write zero are equal pixels."""
    zeros = np.where(np.random.default_rng(0).random((10, 10)) > 0.5, 0.0, -0.0)
    zeros[0, 0] = 1.0
    plain = np.abs(zeros)

    assert on_object(zeros, Deletion()) == on_object(plain, Deletion())


def test_takes_the_score_where_there_is_no_probability(on_object):
    """A regression is measured by what it puts out."""
    values = np.random.default_rng(1).normal(size=(10, 10))

    found = on_object(values, Deletion())
    assert found == on_object(values, Deletion(score=True))


def test_the_blurred_sample_is_the_default(on_object):
    """Without a baseline nothing sharp is added to the picture."""
    values = np.random.default_rng(1).normal(size=(10, 10))

    assert on_object(values, Deletion()) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("kind", [Deletion, Insertion])
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"points": 0}, "at least 1 point"),
        ({"every": 0}, "at every record"),
        ({"baseline": np.zeros((4, 4, 3))}, "A baseline picture has the shape"),
    ],
    ids=["points", "every", "baseline"],
)
def test_settings_that_make_no_sense_are_refused(kind, settings, sentence, judge):
    """One sentence says the rule."""
    with pytest.raises(ValueError, match=sentence):
        judge(kind(**settings), explanation_of(some_maps(5, *SIZE[:2])))


def test_what_maps_have_in_common_is_asked_once(model):
    """Samples and baselines are the same for all maps and both metrics; only the way is not."""
    judge = Judge(model, PICTURES, LABELS)
    passes = []
    for seed in (1, 2):
        maps = explanation_of(some_maps(5, *SIZE[:2]) * seed)
        for metric in (Deletion(points=4), Insertion(points=4), Deletion(points=4, baseline=0.5)):
            before = judge.queries.forwards
            judge(metric, maps)
            passes.append((judge.queries.forwards - before) // len(PICTURES))

    assert passes == [5, 3, 5, 3, 3, 3]
