# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Sparseness: how much of a map lies in few cells."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.metrics.base import Better, MapMetric, Measured, Range
from tb_explain.metrics.maps import Maps, ratio


@final
@dataclass(frozen=True)
class Sparseness(MapMetric):
    """How much of a map lies in few cells: the Gini index of `|map|`.

    With the sizes `x_1 <= ... <= x_n` of the cells it is
    `sum_i (2 i - n - 1) x_i / (n sum_i x_i)`: 0 where all cells are equal, `1 - 1/n` where one
    cell holds everything. It is not defined for a map of zeros.

    References:
        Hurley and Rickard, 2009, https://arxiv.org/abs/0811.4706
        Chalasani et al., 2020, https://arxiv.org/abs/1810.06583
    """

    name: ClassVar[str] = "sparseness"
    title: ClassVar[str] = "Sparseness"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Gini index: 0 where all cells are equal, near 1 where few hold all."
    cost: ClassVar[str] = "No pass of the model; a look at the maps."
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.06583"

    @override
    def measure(self, maps: Maps) -> Measured:
        sizes = np.sort(np.abs(maps.cells), axis=1).astype(np.float64)
        count = sizes.shape[1]
        weights = 2.0 * np.arange(1, count + 1) - count - 1
        return ratio((sizes * weights).sum(axis=1), count * sizes.sum(axis=1))
