"""RISE beyond the closed form of its default: settings, masks, what it is blind to, cost."""

import closed_form_masked as closed
import keras
import numpy as np
import pytest
from keras import layers
from queried import assert_same, queried

import tb_explain as tbx
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def probe(model, world):
    return Probe(model, world.samples, targets=list(world.targets))


def reader(*shape, weights, bias=0.0):
    """Returns a model whose score is the sum of weights times inputs, and a constant."""
    model = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    model.set_weights([weights.reshape(-1, 1), np.full(1, bias, np.float32)])
    return model


@pytest.mark.parametrize(
    "settings",
    [
        {"masks": 30, "cells": 3, "probability": 0.3, "seed": 2},
        {"masks": 20, "cells": 2, "centred": False},
        {"masks": 20, "cells": 1, "seed": 5},
        {"masks": 20, "cells": 4, "baseline": 0.7},
        {"masks": 20, "cells": 12},
    ],
    ids=str,
)
def test_matches_its_definition(settings, probe, world):
    """More cells than pixels or one, the constant of the paper, baselines: as written down."""
    found = queried(tbx.RISE(**settings), probe)["map"]

    assert_same(found, closed.rise(world, **settings))


def test_takes_a_picture_for_a_baseline(probe, world):
    """Masked pixels show those of the picture."""
    picture = np.random.default_rng(3).normal(size=world.samples.shape[1:]).astype(np.float32)

    found = queried(tbx.RISE(masks=20, baseline=picture), probe)["map"]

    assert_same(found, closed.rise(world, masks=20, baseline=picture))


def test_peaks_at_the_only_pixel_that_is_read():
    """A model that reads one pixel has a map that is highest there, and low far from it."""
    weights = np.zeros((24, 16, 1), np.float32)
    weights[17, 5] = 1

    found = tbx.RISE(masks=600).explain(
        reader(24, 16, 1, weights=weights), np.ones((1, 24, 16, 1), np.float32), targets=0
    )

    (values,) = found.values[..., 0]
    row, col = np.unravel_index(values.argmax(), values.shape)
    assert abs(row - 17) <= 1
    assert abs(col - 5) <= 1
    assert np.abs(values[:10]).max() < values.max() / 3


def test_a_constant_in_the_score_changes_nothing():
    """A score that is higher everywhere by one hundred has the same map."""
    weights = np.random.default_rng(4).normal(size=(8, 8, 2)).astype(np.float32)
    samples = np.random.default_rng(5).normal(size=(2, 8, 8, 2)).astype(np.float32)

    plain, raised = (
        tbx.RISE(masks=100).explain(
            reader(8, 8, 2, weights=weights, bias=bias), samples, targets=0
        ).values
        for bias in (0.0, 100.0)
    )  # fmt: skip

    assert np.abs(plain).max() > 0.1
    np.testing.assert_allclose(raised, plain, atol=1e-4 * np.abs(plain).max())


@pytest.mark.parametrize("shape", [(20, 33), (7, 7), (6, 5), (1, 40)])
def test_pixels_are_shown_as_often_as_the_cells(shape):
    """On average each pixel is shown by the probability, at the edges too."""
    drawn = np.stack(list(tbx.RISE(masks=2000, cells=5, probability=0.3)._drawn(shape)))

    assert drawn.shape == (2000, *shape)
    assert 0 <= drawn.min() < drawn.max() <= 1
    assert np.abs(drawn.mean(axis=0) - 0.3).max() < 0.05


def test_costs_one_forward_pass_per_mask(model, world):
    """Nothing else is asked."""
    facts = tbx.RISE(masks=37).explain(model, world.samples, targets=0).facts

    assert (facts["forwards"], facts["backwards"]) == (37 * 6, 0)


def test_targets_have_the_maps_that_each_has_alone(model, world):
    """Two targets are explained by the same masks, in one go."""
    rise = tbx.RISE(masks=25)

    both = rise.explain(model, world.samples, targets=(1, 3))

    for place, target in enumerate((1, 3)):
        alone = rise.explain(model, world.samples, targets=target)
        np.testing.assert_allclose(both.values[6 * place : 6 * place + 6], alone.values, rtol=1e-5)
    assert both.facts["forwards"] == 25 * 6


def test_a_broken_sample_stays_alone(model, probe, world):
    """A sample that is not finite breaks its own map, and no other."""
    broken = world.samples.copy()
    broken[1, 2, 2, 0] = np.inf
    rise = tbx.RISE(masks=20)

    found = queried(rise, Probe(model, broken, targets=list(world.targets)))["map"]

    whole = queried(rise, probe)["map"]
    np.testing.assert_allclose(np.delete(found, 1, 0), np.delete(whole, 1, 0), rtol=1e-5)
    assert not np.isfinite(found[1]).all()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"masks": 1}, "at least two masks.*masks=1000.*Received: RISE"),
        ({"masks": 0, "centred": False}, "at least two masks"),
        ({"cells": 0}, "at least one cell.*cells=7.*Received: RISE"),
        ({"probability": 1.0}, "between 0 and 1.*Received"),
        ({"seed": -1}, "A seed is 0 or greater.*Received"),
        ({"baseline": float("nan")}, "A baseline is a finite number.*Received"),
        ({"recorded_size": 0}, "at least one cell.*Received"),
    ],
    ids=str,
)
def test_wrong_settings_are_answered_before_anything_runs(settings, sentence, probe):
    """One sentence with the rule, what would do and what was received."""
    with pytest.raises(ValueError, match=sentence):
        tbx.RISE(**settings).resolve(probe.layers)
