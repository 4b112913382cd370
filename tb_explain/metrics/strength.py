"""Strength: how large the values of a map are."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.metrics.base import Better, MapMetric, Measured, Range
from tb_explain.metrics.maps import Maps


@final
@dataclass(frozen=True)
class Strength(MapMetric):
    """How large the values of a map are: the mean of `|map|`.

    In the unit of the map; a healthy training makes it grow, often by orders of magnitude, so
    maps of different strength need one colour scale.
    """

    name: ClassVar[str] = "strength"
    title: ClassVar[str] = "Strength"
    better: ClassVar[Better | None] = None
    range: ClassVar[Range] = (0, None)
    about: ClassVar[str] = "Mean size of the values of a map, in its unit."
    cost: ClassVar[str] = "No pass of the model; a look at the maps."
    paper: ClassVar[str] = ""

    @override
    def measure(self, maps: Maps) -> Measured:
        return np.abs(maps.cells).mean(axis=1, dtype=np.float64)
