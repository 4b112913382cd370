"""Relevance rank: how many of the strongest cells lie on the object."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explanation import Floats
from tb_explain.metrics.base import Better, Localization, Measured, Range
from tb_explain.metrics.evidence import evidence, objects_with_evidence, top_cells
from tb_explain.metrics.maps import Maps, ratio


@final
@dataclass(frozen=True)
class RelevanceRank(Localization):
    """How much of the object the strongest cells cover, of which as many are taken as it covers.

    Cells without evidence are not among the strongest, so a map of one cell covers little of a
    large object. A uniform map has the share of the picture that the object takes.

    References:
        Arras et al., 2022, https://arxiv.org/abs/2003.07258
    """

    name: ClassVar[str] = "relevance_rank"
    title: ClassVar[str] = "Relevance rank"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Share of the object under the strongest cells, as many as it covers."
    cost: ClassVar[str] = "No pass of the model; a look at the maps and the masks."
    paper: ClassVar[str] = "https://arxiv.org/abs/2003.07258"

    @override
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        values = evidence(maps)
        size = covered.sum(axis=1, dtype=np.float64)
        inside = (top_cells(values, size) * covered).sum(axis=1, dtype=np.float64)
        return np.where(objects_with_evidence(values, covered), ratio(inside, size), np.nan)
