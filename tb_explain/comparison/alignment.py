# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Drift between maps of two runs, whose grids may be of different size.

The view Compare of the tab computes the same figure, from the same stored values.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats
from tb_explain.ranks import correlations, doubled_ranks

_AT_ONCE: Final = 64


def drifts(a: Floats, b: Floats) -> npt.NDArray[np.float64]:
    """Returns 1 less the rank correlation of each map with another one, NaN for constant maps.

    Args:
        a: Maps of shape `(maps, rows, cols, channels)`; channels are added up.
        b: As many maps, of any size; the coarser ones are interpolated to the finer grid.
    """
    one, other = plane(a), plane(b)
    rows, cols = (max(sides) for sides in zip(one.shape[1:], other.shape[1:], strict=True))
    found = np.full(len(one), np.nan)
    for start in range(0, len(one), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        cells = (refined(each[part], rows, cols) for each in (one, other))
        ranks = (doubled_ranks(each.reshape(len(each), rows * cols)) for each in cells)
        found[part] = 1 - correlations(*ranks)
    return found


def refined(maps: Floats, rows: int, cols: int) -> Floats:
    """Interpolates between the centres of cells; beyond the outer centres values are held.

    Args:
        maps: Maps of shape `(maps, rows, cols)`.
        rows: Rows wanted, not fewer.
        cols: Columns wanted, not fewer.
    """
    if maps.shape[1:] == (rows, cols):
        return maps
    down, across = _taps(maps.shape[1], rows), _taps(maps.shape[2], cols)
    values = maps.astype(np.float64)
    left = values[:, :, across.first]
    wide = left + (values[:, :, across.second] - left) * across.part
    top = wide[:, down.first]
    high = top + (wide[:, down.second] - top) * down.part[:, None]
    return high.astype(np.float32)


class _Taps(NamedTuple):
    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    part: npt.NDArray[np.float64]


def _taps(cells: int, wanted: int) -> _Taps:
    """Returns between which two cells each new one lies, and how far from the first."""
    places = np.clip((np.arange(wanted) + 0.5) * cells / wanted - 0.5, 0, cells - 1)
    first = np.floor(places).astype(np.int64)
    return _Taps(first, np.minimum(first + 1, cells - 1), places - first)


def plane(maps: Floats) -> Floats:
    """Returns maps of shape `(maps, rows, cols)`: the sum of their channels."""
    if maps.shape[3] == 1:
        return maps[..., 0]
    return maps.sum(axis=3, dtype=np.float64).astype(np.float32)
