"""Structural similarity of maps."""

from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from tb_explain.metrics.maps import Maps

WINDOW: Final = 7
_LUMINANCE: Final = 0.01**2
_CONTRAST: Final = 0.03**2


def structural_similarities(maps: Maps, others: Maps) -> npt.NDArray[np.float64]:
    """Returns the mean SSIM of each two maps, -1 to 1.

    Each map is divided by its largest magnitude, and where either has values below zero both are
    brought from -1..1 to 0..1: about zero SSIM takes opposite maps for alike. Windows are squares
    of 7 cells, or as large as the map where that is smaller; variances and covariances are those
    of samples. It is NaN for maps of zeros, maps that are not finite, and maps of a single cell.

    References:
        Wang et al., 2004, https://doi.org/10.1109/TIP.2003.819861
    """
    a, b = (_scaled(each) for each in (maps, others))
    size = min(WINDOW, a.shape[1]), min(WINDOW, a.shape[2])
    cells = size[0] * size[1]
    found = np.full(len(a), np.nan)
    if cells == 1:
        return found
    for index in np.flatnonzero(maps.finite & others.finite):  # One by one, as windows take room.
        pair = np.stack([a[index], b[index]])
        pair = (pair + 1) / 2 if (pair < 0).any() else pair
        one, other = (sliding_window_view(each, size) for each in pair)
        found[index] = _similarity(one, other, cells / (cells - 1))
    return found


def _similarity(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], unbiased: float) -> float:
    axes = (2, 3)
    mean_a, mean_b = a.mean(axis=axes), b.mean(axis=axes)
    variance_a = unbiased * ((a * a).mean(axis=axes) - mean_a**2)
    variance_b = unbiased * ((b * b).mean(axis=axes) - mean_b**2)
    covariance = unbiased * ((a * b).mean(axis=axes) - mean_a * mean_b)
    luminance = (2 * mean_a * mean_b + _LUMINANCE) / (mean_a**2 + mean_b**2 + _LUMINANCE)
    structure = (2 * covariance + _CONTRAST) / (variance_a + variance_b + _CONTRAST)
    return float((luminance * structure).mean())


def _scaled(maps: Maps) -> npt.NDArray[np.float64]:
    """Returns maps whose largest magnitude is 1; NaN for maps of zeros."""
    values = maps.values.astype(np.float64)
    largest = np.abs(values).max(axis=(1, 2), keepdims=True, initial=0)
    return np.divide(values, largest, out=np.full_like(values, np.nan), where=largest > 0)
