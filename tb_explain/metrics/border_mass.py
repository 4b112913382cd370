"""Border mass: how much of a map lies near the border of the picture."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.metrics.base import Better, MapMetric, Measured, Range
from tb_explain.metrics.maps import Maps, ratio


@final
@dataclass(frozen=True)
class BorderMass(MapMetric):
    """How much of a map lies near the border of the picture: the share of `|map|` there.

    A cell that the border covers in part counts in part, so that coarse and fine maps can be
    compared. A map that is even has the area of the border, .36 for a tenth on each side. It is
    not defined for a map of zeros.

    It is a fact to sort by, not a fault: marks, frames and padding lie there, and so do objects
    that are cut off.

    Args:
        width: How wide the border is on each side, as a share of the rows and of the columns,
            above 0 and below 0.5.

    Raises:
        ValueError: If the width is anything else.
    """

    name: ClassVar[str] = "border_mass"
    title: ClassVar[str] = "Border mass"
    better: ClassVar[Better | None] = None
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Share of a map along the border of the picture; .36 where it is even."
    cost: ClassVar[str] = "No pass of the model; a look at the maps."
    paper: ClassVar[str] = ""

    width: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.width < 0.5:
            raise ValueError(
                "The border has a width above 0 and below 0.5, as a share of each side. "
                f"Received: width={self.width!r}"
            )

    @override
    def measure(self, maps: Maps) -> Measured:
        sizes = np.abs(maps.values).astype(np.float64)
        down, across = (_inside(side, self.width) for side in sizes.shape[1:])
        border = 1 - down[:, None] * across[None, :]
        return ratio((sizes * border).sum(axis=(1, 2)), sizes.sum(axis=(1, 2)))


def _inside(cells: int, width: float) -> Measured:
    """Returns how much of each cell along a side lies within the border, 0 to 1."""
    starts = np.arange(cells, dtype=np.float64)
    ends = np.minimum(starts + 1, (1 - width) * cells)
    return np.clip(ends - np.maximum(starts, width * cells), 0, 1)
