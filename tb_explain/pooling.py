"""How maps get smaller, by area means, and larger, bilinearly."""

from typing import Final

import numpy as np
import numpy.typing as npt

_ROUNDING: Final = 1e-9


def pooled_sides(rows: int, cols: int, largest: int) -> tuple[int, int]:
    """Returns the sides of a map whose larger side is at most `largest`, in the same proportion."""
    factor = max(rows, cols) / largest
    if factor <= 1:
        return rows, cols
    return max(1, round(rows / factor)), max(1, round(cols / factor))


def area_weights(size: int, pooled: int) -> npt.NDArray[np.float32]:
    """Returns the matrix `(pooled, size)` whose product with a side is its area mean.

    Each pooled cell covers `size / pooled` cells; those it covers in part count in part, so that
    the mean of the side stays the same whatever the sizes.
    """
    cell = size / pooled
    starts = np.arange(pooled)[:, None] * cell
    places = np.arange(size)[None, :]
    covered = np.minimum(starts + cell, places + 1) - np.maximum(starts, places)
    covered = np.where(covered > _ROUNDING, covered, 0)
    return (covered / covered.sum(axis=1, keepdims=True)).astype(np.float32)


def area_mean(values: npt.NDArray[np.float32], largest: int) -> npt.NDArray[np.float32]:
    """Returns maps whose larger side is at most `largest`.

    Args:
        values: Maps of shape `(maps, rows, cols, channels)`.
        largest: Largest side; maps that are not larger come back as they are.
    """
    rows, cols = pooled_sides(values.shape[1], values.shape[2], largest)
    if (rows, cols) == values.shape[1:3]:
        return values
    down = np.einsum("or,nrck->nock", area_weights(values.shape[1], rows), values)
    return np.einsum("pc,nock->nopk", area_weights(values.shape[2], cols), down)


def bilinear(places: int, size: int) -> npt.NDArray[np.float32]:
    """Returns the matrix `(size, places)` that enlarges a side; centres of pixels are at halves."""
    centres = np.clip((np.arange(size) + 0.5) * places / size - 0.5, 0, places - 1)
    distance = np.abs(centres[:, None] - np.arange(places))
    return np.maximum(1 - distance, 0).astype(np.float32)
