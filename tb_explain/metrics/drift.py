"""Drift: how much a map changed since the last record."""

from dataclasses import dataclass
from typing import ClassVar, Literal, final

from typing_extensions import override

from tb_explain.metrics.base import Better, ChangeMetric, Measured, Range
from tb_explain.metrics.maps import Maps, rank_correlations


@final
@dataclass(frozen=True)
class Drift(ChangeMetric):
    """How much a map changed since the last record: 1 less their rank correlation.

    0 where the cells kept their order, 1 where nothing is left of it, 2 where it turned round;
    how strong the maps are does not matter. It is not defined at the first record, where the
    target is another one, and for constant maps.

    References:
        Spearman, 1904, https://doi.org/10.2307/1412159
    """

    name: ClassVar[str] = "drift"
    title: ClassVar[str] = "Drift"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (0, 2)
    about: ClassVar[str] = "Change since the last record: 1 less the rank correlation of the maps."
    cost: ClassVar[str] = "No pass of the model; maps are compared with those of the last record."
    paper: ClassVar[str] = "https://doi.org/10.2307/1412159"
    against: ClassVar[Literal["previous", "first"]] = "previous"

    @override
    def measure(self, maps: Maps, earlier: Maps) -> Measured:
        return 1 - rank_correlations(maps, earlier)
