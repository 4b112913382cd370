# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Maps as metrics look at them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from tb_explain.explanation import Explanation, Floats
from tb_explain.pooling import area_mean, area_weights
from tb_explain.ranks import correlations, doubled_ranks

LARGEST_SIDE: Final = 64
"""Rows and columns of the largest map that is measured; larger ones are pooled to it."""


@final
@dataclass(frozen=True, eq=False)
class Maps:
    """Maps as metrics look at them: with one channel, and not larger than a record keeps them.

    The channels of a map are averaged. Its rows and columns are pooled by area mean to what a
    record keeps, and to 64 at most, so that a metric costs the same for every size of samples
    and says the same of a map wherever it is asked.

    Attributes:
        values: `float32` array of shape `(maps, rows, cols)`; zeros where a map is not finite.
        finite: Whether all values of each map were finite.
        samples: Sample of each map.
        channels: Channel or head that each map shows.
        targets: Explained output of each map.
    """

    values: Floats
    finite: npt.NDArray[np.bool_]
    samples: tuple[int | None, ...]
    channels: tuple[int | None, ...]
    targets: tuple[int | None, ...]

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """Returns the maps of an explanation."""
        values = explanation.values
        finite = np.asarray(np.isfinite(values).all(axis=(1, 2, 3)))
        if not finite.all():
            values = np.where(finite[:, None, None, None], values, np.float32(0))
        if values.shape[3] != 1:
            means = values.mean(axis=3, keepdims=True, dtype=np.float64)
            values = means.astype(np.float32)
        size = min(explanation.recorded_size or LARGEST_SIDE, LARGEST_SIDE)
        return cls(
            area_mean(values, size)[..., 0],
            finite,
            explanation.samples,
            explanation.channels,
            explanation.targets,
        )

    @property
    def cells(self) -> Floats:
        """The values of each map in a row, `(maps, rows * cols)`."""
        maps, rows, cols = self.values.shape
        return self.values.reshape(maps, rows * cols)

    @cached_property
    def ranks(self) -> npt.NDArray[np.int16]:
        """Ranks of the cells of each map as `doubled_ranks`, small to keep."""
        return doubled_ranks(self.cells).astype(np.int16)

    def shows_the_same_as(self, other: Self) -> npt.NDArray[np.bool_]:
        """Returns which maps can be compared with those of another record, one by one.

        Those show the same sample, channel and target at the same size, and both are finite.
        """
        kept = (self.values.shape, self.samples, self.channels)
        if kept != (other.values.shape, other.samples, other.channels):
            return np.zeros(len(self.values), np.bool_)
        pairs = zip(self.targets, other.targets, strict=True)
        equal = np.array([target == earlier for target, earlier in pairs], np.bool_)
        return equal & self.finite & other.finite


def rank_correlations(maps: Maps, other: Maps) -> npt.NDArray[np.float64]:
    """Returns Spearman's rank correlation of each map with the same of another record.

    It is NaN where two maps show something else, or one of them is constant.
    """
    found = np.full(len(maps.values), np.nan)
    same = np.flatnonzero(maps.shows_the_same_as(other))
    if same.size:
        found[same] = correlations(maps.ranks[same], other.ranks[same])
    return found


def coverage(masks: npt.NDArray[np.bool_], rows: int, cols: int) -> Floats:
    """Returns how much of each cell of a map the object covers, 0 to 1.

    Args:
        masks: The object in each sample, `(samples, picture rows, picture cols)`.
        rows: Rows of a map.
        cols: Columns of a map.
    """
    by_row = np.einsum("or,nrc->noc", area_weights(masks.shape[1], rows), masks.astype(np.float32))
    return np.einsum("pc,noc->nop", area_weights(masks.shape[2], cols), by_row)


def ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Returns `part / whole`, and NaN where `whole` is zero."""
    found = np.full(np.shape(part), np.nan)
    return np.divide(part, whole, out=found, where=np.asarray(whole) != 0)
