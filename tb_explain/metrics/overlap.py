"""Overlap: how well the strongest cells fit the object."""

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
class Overlap(Localization):
    """How well the strongest cells fit the object: what both cover, over what either covers.

    Args:
        share: How many cells are taken, of all, 0 to 1; those without evidence are left out.

    Raises:
        ValueError: If the share is no number above 0 and at most 1.

    References:
        Zhou et al., 2016, https://arxiv.org/abs/1512.04150
    """

    name: ClassVar[str] = "overlap"
    title: ClassVar[str] = "Overlap with the object"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Of what the strongest cells or the object cover, what both cover."
    cost: ClassVar[str] = "No pass of the model; a look at the maps and the masks."
    paper: ClassVar[str] = "https://arxiv.org/abs/1512.04150"

    share: float = 0.2

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(
                "The share of the strongest cells is above 0 and at most 1. "
                f"Received: share={self.share!r}"
            )

    @override
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        values = evidence(maps)
        counts = np.full(len(values), self.share * values.shape[1])
        top = top_cells(values, counts)
        both = (top * covered).sum(axis=1, dtype=np.float64)
        either = (top + covered).sum(axis=1, dtype=np.float64) - both
        return np.where(objects_with_evidence(values, covered), ratio(both, either), np.nan)
