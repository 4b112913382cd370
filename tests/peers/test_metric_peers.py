"""The same figures as xplique and quantus, where these are installed.

Run by `pytest -m peers tests/peers`.
"""

import numpy as np
import pytest

from tb_explain.explanation import Explanation
from tb_explain.metrics import PointingGame, RelevanceMass, RelevanceRank, Sparseness

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def maps():
    """Maps of 20 samples with values above zero."""
    return np.random.default_rng(5).gamma(0.4, size=(20, 28, 24)).astype(np.float32)


@pytest.fixture(scope="module")
def masks():
    """An object in each sample."""
    return np.random.default_rng(6).random((20, 28, 24)) > 0.7


@pytest.fixture(scope="module")
def explanation(maps):
    """The maps as an explanation."""
    return Explanation(values=maps[..., None], kind="attribution", samples=tuple(range(20)))


def test_sparseness_of_xplique(explanation, maps):
    """The Gini index of each map."""
    complexity = pytest.importorskip("xplique.metrics")
    theirs = complexity.Sparseness().detailed_evaluate(maps)

    np.testing.assert_allclose(Sparseness()(explanation), theirs, atol=2e-5)


def test_sparseness_of_quantus(explanation, maps):
    """The Gini index of each map; quantus adds 1e-7 to each value."""
    quantus = pytest.importorskip("quantus")
    metric = quantus.Sparseness(disable_warnings=True)
    theirs = metric.evaluate_batch(x_batch=None, a_batch=maps.astype(np.float64))

    np.testing.assert_allclose(Sparseness()(explanation), theirs, atol=2e-5)


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (RelevanceMass(), "RelevanceMassAccuracy"),
        (RelevanceRank(), "RelevanceRankAccuracy"),
        (PointingGame(), "PointingGame"),
    ],
    ids=["mass", "rank", "pointing"],
)
def test_localization_of_quantus(explanation, maps, masks, metric, name):
    """What lies on the object, on maps as large as the masks."""
    quantus = pytest.importorskip("quantus")
    theirs = getattr(quantus, name)(disable_warnings=True)
    found = theirs.evaluate_batch(a_batch=maps, s_batch=masks.copy())

    np.testing.assert_allclose(metric(explanation, masks), found, rtol=1e-5)
