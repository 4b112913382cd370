"""How much of the evidence lies on the object or just beside it."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from typing_extensions import override

from tb_explain.explanation import Floats
from tb_explain.metrics.base import Better, Localization, Measured, Range
from tb_explain.metrics.evidence import evidence, objects_with_evidence
from tb_explain.metrics.maps import Maps, ratio

_ROUNDING = 1e-9  # A fifteenth of fifteen cells is one.


@final
@dataclass(frozen=True)
class RelevanceNear(Localization):
    """How much of the evidence lies on the object or just beside it.

    It is the relevance mass where a cell counts as a whole if the object touches it or comes
    nearer than `margin`. Cells of a coarse map are larger than the parts of an object, and
    gradients stand on its edges, so that a map of nothing but the object has little mass inside
    the mask; this figure tells both from evidence elsewhere. From one half on, the evidence is
    said to lie on the object.

    Args:
        margin: What lies beside the object, as a share of the longer side of the map. A fifteenth
            is about the tolerance of the pointing game, 15 pixels of 224.

    References:
        Zhang et al., 2018, https://arxiv.org/abs/1608.00507
    """

    name: ClassVar[str] = "relevance_near"
    title: ClassVar[str] = "Relevance on or near the object"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Share of the evidence on the object or a fifteenth of a side beside it."
    cost: ClassVar[str] = "No pass of the model; a look at the maps and the masks."
    paper: ClassVar[str] = "https://arxiv.org/abs/1608.00507"

    margin: float = 1 / 15

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise ValueError(
                f"A margin is a share of a side, from 0 to below 1. Received: {self!r}"
            )

    @override
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        values = evidence(maps)
        rows, cols = maps.values.shape[1:3]
        reach = int(self.margin * max(rows, cols) + _ROUNDING)
        near = _widened((covered > 0).reshape(-1, rows, cols), reach).reshape(values.shape)
        shares = ratio((values * near).sum(axis=1), values.sum(axis=1))
        return np.where(objects_with_evidence(values, covered), shares, np.nan)


def _widened(touched: npt.NDArray[np.bool_], cells: int) -> npt.NDArray[np.bool_]:
    """Returns what is at most so many cells away, along both axes, `(maps, rows, cols)`."""
    around = np.pad(touched, ((0, 0), (cells, cells), (cells, cells)))
    window = (2 * cells + 1, 2 * cells + 1)
    return np.asarray(sliding_window_view(around, window, axis=(1, 2)).any(axis=(3, 4)))
