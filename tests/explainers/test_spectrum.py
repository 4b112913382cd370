"""Pictures as sums of waves, and back."""

import numpy as np
import pytest
from closed_form_features import waves

from tb_explain.explainers.spectrum import Spectrum

SHAPES = [(6, 5, 3), (8, 8, 3), (5, 6, 1), (7, 7, 2), (1, 9, 1), (1, 8, 4)]


@pytest.mark.parametrize("shape", SHAPES)
def test_transposes_the_spectrum(shape):
    """Gradients go back by the transposed map: <A z, x> = <z, A' x>."""
    spectrum = Spectrum(*shape)
    random = np.random.default_rng(1)
    amplitudes = random.normal(size=(2, *spectrum.shape))
    pictures = random.normal(size=(2, *shape))

    forward = (spectrum.pictures(amplitudes) * pictures).sum()

    np.testing.assert_allclose((amplitudes * spectrum.adjoint(pictures)).sum(), forward, rtol=1e-5)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[-1] != 3])
def test_sums_waves(shape):
    """A picture is the sum of its waves, which decay with their frequency."""
    rows, cols, _ = shape
    spectrum = Spectrum(*shape)
    amplitudes = np.random.default_rng(1).normal(size=(1, *spectrum.shape))
    expected = np.einsum("rcuvk,niuvk->nrci", waves(rows, cols), amplitudes)

    np.testing.assert_allclose(spectrum.pictures(amplitudes), expected, rtol=1e-5, atol=1e-5)


def test_mixes_uncorrelated_colours_as_in_natural_pictures():
    """The first of three colours is brightness, the others are what little there is beside it."""
    spectrum = Spectrum(4, 4, 3)
    amplitudes = np.zeros((3, *spectrum.shape))
    amplitudes[[0, 1, 2], [0, 1, 2], 1, 1, 0] = 1

    brightness, first, second = spectrum.pictures(amplitudes).reshape(3, 16, 3)

    assert np.abs(np.corrcoef(brightness.T)).min() > 0.999
    assert np.abs(brightness).max() > 2 * np.abs(first).max() > 2 * np.abs(second).max()
