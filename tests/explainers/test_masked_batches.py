"""Explainers that hide parts of samples, whatever the batches, and without holding all variants."""

import weakref

import keras
import numpy as np
import pytest
from queried import queried

import tb_explain as tbx
from tb_explain.explainers.host_scores import host_scores
from tb_explain.probe import Probe


@pytest.mark.parametrize(
    "explainer",
    [
        tbx.RISE(masks=20),
        tbx.ScoreCAM(),
        tbx.LIME(segments=tbx.Grid(3, 3), evaluations=30),
        tbx.KernelSHAP(segments=tbx.Grid(3, 3), evaluations=30),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_small_memory_budget_changes_no_map(explainer, model, world):
    """One sample at a time, or several changed samples together."""
    plenty, little = (
        queried(explainer, Probe(model, world.samples, targets=(2,), memory_budget=budget))
        for budget in (2**30, 1)
    )

    assert np.abs(plenty["map"]).max() > 0
    for name, values in plenty.items():
        np.testing.assert_allclose(little[name], values, rtol=1e-5, atol=1e-6)


def test_changed_samples_are_let_go_when_they_are_answered(model, world):
    """Of any number of variants, a few are in memory at a time."""
    queries = Probe(model, world.samples, targets=(2,)).queries()
    made, most = [], 0

    def variants():
        nonlocal most
        for place in range(80):
            variant = queries.samples * (place / 80)
            made.append(weakref.ref(variant))
            most = max(most, sum(one() is not None for one in made))
            yield variant

    scores = host_scores(queries, variants(), keras.ops)

    assert scores.shape == (80, 1, 6)
    assert most <= 6
