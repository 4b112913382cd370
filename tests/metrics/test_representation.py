"""Debiased linear CKA."""

import re
from itertools import permutations

import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.metrics.representation import Representation


def hsic(kernel, other):
    """The mean over all four different samples i, j, q, r; nothing is left of the bias."""
    terms = [
        kernel[i, j] * (other[i, j] + other[q, r] - 2 * other[i, q])
        for i, j, q, r in permutations(range(len(kernel)), 4)
    ]
    return sum(terms) / len(terms)


def slow_cka(features, others):
    """Scalar products of all pairs of samples, compared by the definition of HSIC."""
    a, b = (
        np.array([[float(np.dot(one, other)) for other in rows] for one in rows])
        for rows in (features, others)
    )
    return hsic(a, b) / np.sqrt(hsic(a, a) * hsic(b, b))


@pytest.mark.parametrize("samples", [4, 5, 7])
@pytest.mark.parametrize("channels", [1, 3, 12])
def test_is_the_mean_over_all_four_samples(samples, channels):
    """The fast form equals the definition, also where features have a large mean."""
    rng = np.random.default_rng(samples + channels)
    features = rng.normal(size=(samples, channels)) + 3
    others = np.tanh(features @ rng.normal(size=(channels, 6))) + rng.normal(size=(samples, 6)) / 3

    expected = slow_cka(features, others)
    assert tbx.metrics.linear_cka(features, others) == pytest.approx(expected, abs=1e-5)


def test_does_not_see_turns_shifts_and_scales():
    """The same samples seen from elsewhere are the same representation."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20, 8))
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))

    assert tbx.metrics.linear_cka(features, 5 * features @ turn - 2) == pytest.approx(1, abs=1e-6)
    assert tbx.metrics.linear_cka(features, features[:, ::-1]) == pytest.approx(1, abs=1e-6)


def test_has_no_bias_with_few_samples():
    """Of unrelated features the mean is 0, though there are more channels than samples."""
    rng = np.random.default_rng(0)
    found = [
        tbx.metrics.linear_cka(rng.normal(size=(10, 40)), rng.normal(size=(10, 40)))
        for _ in range(400)
    ]

    assert np.mean(found) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize(
    "features",
    [np.ones((8, 3)), np.eye(3), np.full((8, 2), np.nan), np.zeros((8, 0)), [[1], [2], [np.inf]]],
    ids=["all alike", "three samples", "not finite", "no channels", "infinite"],
)
def test_is_not_defined_without_a_difference(features):
    """Where samples are not told apart there is nothing to compare."""
    others = np.random.default_rng(0).normal(size=(len(features), 4))

    assert np.isnan(tbx.metrics.linear_cka(features, others))


def test_large_features_do_not_overflow():
    """A model that diverges has a likeness as long as its output is finite."""
    features = np.random.default_rng(0).normal(size=(8, 3))

    found = tbx.metrics.linear_cka(1e30 * features.astype(np.float32), features)
    assert found == pytest.approx(1, abs=1e-6)


def test_refuses_what_cannot_be_compared():
    """Both are of the same samples, one row each."""
    with pytest.raises(ValueError, match=re.escape("of the same samples")):
        tbx.metrics.linear_cka(np.zeros((5, 2)), np.zeros((6, 2)))
    with pytest.raises(ValueError, match=re.escape("(samples, channels)")):
        tbx.metrics.linear_cka(np.zeros((5, 2, 2)), np.zeros((5, 2)))


def test_other_samples_are_not_compared():
    """A second fit with other samples begins anew."""
    rng = np.random.default_rng(0)
    one, other = (Representation.of(rng.normal(size=(size, 3))) for size in (8, 9))

    assert np.isnan(one.cka(other))
