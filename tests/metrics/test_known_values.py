"""What the metrics say of maps that anybody can judge."""

import numpy as np
import pytest
from measured import ask, explanation_of, some_maps

from tb_explain.metrics import (
    BorderMass,
    Control,
    Drift,
    Overlap,
    PointingGame,
    RelevanceMass,
    RelevanceNear,
    RelevanceRank,
    Sparseness,
    Strength,
)

OBJECT = np.zeros((10, 10))
OBJECT[2:6, 3:8] = 1
SHARE = OBJECT.mean()
UNIFORM = np.ones((10, 10))
ON_OBJECT, BESIDE = np.zeros((10, 10)), np.zeros((10, 10))
ON_OBJECT[3, 4] = BESIDE[8, 1] = 5
NONE = np.nan


def figure(metric, values, mask=OBJECT):
    return float(ask(metric, explanation_of([values]), masks=mask[None])[0])


@pytest.mark.parametrize(
    ("values", "mass", "rank", "pointing", "overlap"),
    [
        (OBJECT, 1, 1, 1, 1),
        (1 - OBJECT, 0, 0, 0, 0),
        (UNIFORM, SHARE, SHARE, 1, SHARE * 20 / (20 + 20 - SHARE * 20)),
        (ON_OBJECT, 1, 1 / 20, 1, 1 / 20),
        (BESIDE, 0, 0, 0, 0),
        (ON_OBJECT + BESIDE, 0.5, 1 / 20, 1, 1 / 21),
        (OBJECT - 3 * (1 - OBJECT), 1, 1, 1, 1),
        (np.zeros((10, 10)), NONE, NONE, NONE, NONE),
        (-UNIFORM, NONE, NONE, NONE, NONE),
    ],
    ids=["object", "inverse", "uniform", "cell", "beside", "both", "signed", "zero", "against"],
)
def test_localization(values, mass, rank, pointing, overlap):
    """A perfect map scores 1, its inverse 0, and a uniform one what chance gives."""
    metrics = (RelevanceMass(), RelevanceRank(), PointingGame(), Overlap())
    found = [figure(metric, values) for metric in metrics]

    np.testing.assert_allclose(found, [mass, rank, pointing, overlap], rtol=1e-6)


@pytest.mark.parametrize(
    "metric", [RelevanceMass(), RelevanceNear(), RelevanceRank(), PointingGame(), Overlap()]
)
def test_an_empty_mask_has_no_figure(metric):
    """Where no object is, nothing can lie on it."""
    assert np.isnan(figure(metric, UNIFORM, mask=np.zeros((10, 10))))


@pytest.mark.parametrize("metric", [RelevanceMass(), RelevanceRank(), Overlap()])
def test_a_coarse_map_counts_as_its_enlargement(metric):
    """A cell that the object covers in part counts in part, as the pixels of that cell would."""
    coarse = np.maximum(some_maps(4, 5, 3), 0)
    masks = np.random.default_rng(1).random((4, 20, 12)) > 0.6
    fine = coarse.repeat(4, axis=1).repeat(4, axis=2)

    np.testing.assert_allclose(
        ask(metric, explanation_of(coarse), masks=masks),
        ask(metric, explanation_of(fine), masks=masks),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("side", "away", "near"),
    [
        (30, 2, 1),
        (30, 3, 0),
        (15, 1, 1),
        (15, 2, 0),
        (14, 0, 1),
        (14, 1, 0),
        (60, 4, 1),
        (60, 5, 0),
    ],
)
def test_relevance_near_reaches_a_fifteenth_of_a_side(side, away, near):
    """Evidence that many cells beside the object counts as on it; cells of coarse maps are wide."""
    mask, values = np.zeros((side, side)), np.zeros((side, side))
    mask[3:5, 4:7] = 1
    values[4 + away, 6 + away] = 1

    assert figure(RelevanceNear(), values, mask=mask) == near
    assert figure(RelevanceNear(margin=0), values, mask=mask) == (away == 0)


def test_relevance_near_takes_cells_that_the_object_touches():
    """On a coarse map a thin object fills no cell, and yet all the evidence may be its own."""
    mask, values = np.zeros((64, 64)), np.zeros((8, 8))
    mask[10:40, 20:22] = 1
    values[1:5, 2] = 1

    assert figure(RelevanceNear(), values, mask=mask) == 1
    assert figure(RelevanceMass(), values, mask=mask) < 0.25
    assert figure(RelevanceNear(), np.roll(values, 1, axis=1), mask=mask) == 0


@pytest.mark.parametrize("margin", [-0.1, 1, np.nan])
def test_a_margin_is_a_share(margin):
    """Any other is refused where it is written."""
    with pytest.raises(ValueError, match="A margin is a share of a side"):
        RelevanceNear(margin=margin)


def test_an_object_smaller_than_a_cell_can_be_pointed_at():
    """The cell that holds most of a small object is its place."""
    mask, values = np.zeros((40, 40)), np.zeros((4, 4))
    mask[12:15, 22:24] = 1
    values[1, 2] = 1

    assert figure(PointingGame(), values, mask=mask) == 1
    assert figure(PointingGame(), np.rot90(values), mask=mask) == 0


def test_maps_are_measured_at_the_size_of_their_record():
    """What a record pools is measured as it is pooled, and 64 cells a side are the most."""
    values = np.abs(some_maps(1, 128, 96))
    pooled = values.reshape(1, 64, 2, 48, 2).mean(axis=(2, 4))
    small = values.reshape(1, 16, 8, 12, 8).mean(axis=(2, 4))

    found = Sparseness()(explanation_of(values))
    np.testing.assert_allclose(found, Sparseness()(explanation_of(pooled)), rtol=1e-5)
    found = Sparseness()(explanation_of(values, recorded_size=16))
    np.testing.assert_allclose(found, Sparseness()(explanation_of(small)), rtol=1e-5)


@pytest.mark.parametrize(
    ("values", "expected"),
    [(UNIFORM, 0), (ON_OBJECT, 0.99), (-ON_OBJECT, 0.99), (OBJECT, 0.8), (np.zeros((9, 9)), NONE)],
    ids=["uniform", "cell", "negative", "object", "zero"],
)
def test_sparseness(values, expected):
    """It is 0 where all cells are equal, and the share of the others where one holds all."""
    np.testing.assert_allclose(figure(Sparseness(), values), expected, atol=1e-6)


def frame(side, width):
    """Returns a map of ones along its border."""
    values = np.ones((side, side))
    values[width:-width, width:-width] = 0
    return values


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (UNIFORM, 0.36),
        (np.ones((7, 3)), 0.36),
        (frame(10, 1), 1),
        (-frame(10, 1), 1),
        (1 - frame(10, 1), 0),
        (frame(20, 1), 1),
        (1 - frame(40, 4), 0),
        (np.ones((1, 1)), 0.36),
        (np.zeros((9, 9)), NONE),
    ],
    ids=["even", "oblong", "border", "signed", "inside", "thin", "fine", "one cell", "zero"],
)
def test_border_mass(values, expected):
    """It is 1 where all lies along the border, 0 inside, and the area of the border if even."""
    np.testing.assert_allclose(figure(BorderMass(), values), expected, atol=1e-6)


def test_border_mass_of_a_coarse_map_is_that_of_its_enlargement():
    """A cell that the border covers in part counts in part, as its pixels would."""
    coarse = some_maps(4, 7, 3)
    fine = coarse.repeat(5, axis=1).repeat(5, axis=2)

    np.testing.assert_allclose(
        BorderMass()(explanation_of(coarse)), BorderMass()(explanation_of(fine)), rtol=1e-5
    )


@pytest.mark.parametrize("width", [0, 0.5, -1, np.nan])
def test_a_border_leaves_something_inside(width):
    """A border of no width or of the whole picture is refused where it is written."""
    with pytest.raises(ValueError, match=r"Received: width="):
        BorderMass(width=width)


def test_strength_is_the_mean_size():
    """Signs do not cancel."""
    assert figure(Strength(), UNIFORM - 3 * OBJECT) == pytest.approx(0.8 + 0.2 * 2)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (OBJECT, OBJECT, 0),
        (OBJECT, 7 * OBJECT + 1, 0),
        (OBJECT, -OBJECT, 2),
        (OBJECT, np.zeros((10, 10)), NONE),
        (UNIFORM, OBJECT, NONE),
        (ON_OBJECT, BESIDE, 1 + 1 / 99),
    ],
    ids=["same", "stronger", "reversed", "vanished", "from uniform", "moved"],
)
def test_change_over_time(before, now, expected):
    """Only the order of cells counts; a map without an order has no drift, rather than none."""
    now, before = explanation_of([now]), explanation_of([before])

    np.testing.assert_allclose(Drift()(now, before), [expected], rtol=1e-6)
    np.testing.assert_allclose(Control()(now, before), [1 - expected], rtol=1e-6)


def test_maps_of_something_else_are_not_compared():
    """After a flip of the target there is no drift; another set of maps has none at all."""
    values = some_maps(3, 4, 4)
    now = explanation_of(values, targets=(1, 2, None))

    flipped = Drift()(now, explanation_of(values, targets=(1, 5, None)))
    np.testing.assert_array_equal(flipped, [0, NONE, 0])
    for other in (
        explanation_of(values[:2]),
        explanation_of(values[:, :3], targets=(1, 2, None)),
        explanation_of(values, targets=(1, 2, None), samples=(2, 1, 0)),
        explanation_of(values, targets=(1, 2, None), channels=(0, 1, 2)),
    ):
        assert np.isnan(Drift()(now, other)).all()


def test_channels_are_averaged():
    """A map in colour is measured as the mean of its channels."""
    values = some_maps(2, 4, 5, 3)
    mean = explanation_of(values.mean(axis=3))

    np.testing.assert_allclose(Strength()(explanation_of(values)), Strength()(mean), rtol=1e-6)


def test_a_share_makes_sense():
    """A share beyond 0 to 1 is refused where it is written."""
    with pytest.raises(ValueError, match=r"Received: share=1\.5"):
        Overlap(share=1.5)


def test_masks_are_given_for_each_sample():
    """Masks of another shape get one sentence."""
    with pytest.raises(ValueError, match=r"here 2\. Received: masks of shape"):
        RelevanceMass()(explanation_of(some_maps(2, 4, 4)), np.ones((1, 8, 8)))


def test_maps_without_a_sample_have_no_object():
    """Maps of weights lie on no object."""
    found = RelevanceMass()(explanation_of([UNIFORM] * 2, samples=(None, 0)), OBJECT[None])

    np.testing.assert_allclose(found, [NONE, SHARE], rtol=1e-6)
