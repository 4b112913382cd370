"""Area means against a definition by repetition."""

import numpy as np
import pytest

from tb_explain.pooling import area_mean, area_weights, pooled_sides


@pytest.mark.parametrize(("size", "pooled"), [(6, 3), (7, 3), (5, 5), (224, 56), (9, 1)])
def test_a_cell_is_the_mean_of_what_it_covers(size, pooled):
    """Repeating each place as often as there are cells makes every cell whole."""
    values = np.random.default_rng(0).normal(size=size)
    expected = np.repeat(values, pooled).reshape(pooled, size).mean(axis=1)

    np.testing.assert_allclose(area_weights(size, pooled) @ values, expected, rtol=1e-5, atol=1e-6)


def test_keeps_the_mean_and_the_proportion():
    """The mean of a map survives pooling, and its sides stay in proportion."""
    values = np.random.default_rng(1).random((2, 60, 90, 3), dtype=np.float32)

    pooled = area_mean(values, 20)

    assert pooled.shape == (2, 13, 20, 3)
    np.testing.assert_allclose(pooled.mean((1, 2)), values.mean((1, 2)), rtol=1e-5)


def test_smaller_maps_stay_as_they_are():
    """A map that is not larger comes back itself."""
    values = np.zeros((1, 7, 5, 1), np.float32)

    assert area_mean(values, 7) is values
    assert pooled_sides(1, 400, 16) == (1, 16)
