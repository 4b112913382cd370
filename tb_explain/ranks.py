# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Ranks of the cells of maps, and their correlation."""

from typing import Any

import numpy as np
import numpy.typing as npt


def doubled_ranks(cells: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Returns ranks, doubled and less their mean, so that they are whole numbers.

    Equal cells share the mean of their ranks.

    Args:
        cells: The values of each map in a row, or numbers that grow with them,
            `(maps, cells)`.
    """
    order = np.argsort(cells, axis=1, kind="stable")  # Fast for whole numbers of 16 bits.
    ordered = np.take_along_axis(cells, order, axis=1)
    doubled = _first_of_equals(ordered) + _last_of_equals(ordered)
    ranks = np.empty(cells.shape, np.int64)
    np.put_along_axis(ranks, order, doubled + 1 - cells.shape[1], axis=1)
    return ranks


def correlations(
    ranks: npt.NDArray[np.signedinteger[Any]], others: npt.NDArray[np.signedinteger[Any]]
) -> npt.NDArray[np.float64]:
    """Returns Spearman's rank correlation of each map with another one, NaN for constant maps.

    Args:
        ranks: `doubled_ranks` of some maps, `(maps, cells)`.
        others: The same of what each is compared with.
    """
    sizes = np.sqrt(_dot(ranks, ranks) * _dot(others, others))
    found = np.full(len(ranks), np.nan)
    return np.divide(_dot(ranks, others), sizes, out=found, where=sizes != 0)


def _dot(
    a: npt.NDArray[np.signedinteger[Any]], b: npt.NDArray[np.signedinteger[Any]]
) -> npt.NDArray[np.float64]:
    return np.einsum("mc,mc->m", a, b, dtype=np.float64, casting="safe")


def _first_of_equals(ordered: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Returns for each cell of ascending rows the place of the first cell that equals it."""
    places = np.arange(ordered.shape[1])
    starts = np.ones(ordered.shape, np.bool_)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    return np.maximum.accumulate(np.where(starts, places, 0), axis=1)


def _last_of_equals(ordered: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    places = np.arange(ordered.shape[1])
    ends = np.ones(ordered.shape, np.bool_)
    ends[:, :-1] = ordered[:, 1:] != ordered[:, :-1]
    last = np.where(ends, places, ordered.shape[1])
    return np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
