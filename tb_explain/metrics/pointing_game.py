"""Pointing game: whether the strongest cell lies on the object."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explanation import Floats
from tb_explain.metrics.base import Better, Localization, Measured, Range
from tb_explain.metrics.evidence import evidence, objects_with_evidence
from tb_explain.metrics.maps import Maps


@final
@dataclass(frozen=True)
class PointingGame(Localization):
    """Whether the strongest cell lies on the object: 1 or 0.

    A cell lies on the object if that covers at least half of it, or, where the object is smaller
    than a cell, half of what it covers of any cell. Of several cells that are the strongest, one
    on the object is enough. The mean over samples is the score of the game.

    References:
        Zhang et al., 2018, https://arxiv.org/abs/1608.00507
    """

    name: ClassVar[str] = "pointing_game"
    title: ClassVar[str] = "Pointing game"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "1 where the strongest cell lies on the object, else 0."
    cost: ClassVar[str] = "No pass of the model; a look at the maps and the masks."
    paper: ClassVar[str] = "https://arxiv.org/abs/1608.00507"

    @override
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        values = evidence(maps)
        strongest = values == values.max(axis=1, keepdims=True, initial=0)
        on_object = covered >= covered.max(axis=1, keepdims=True, initial=0) / 2
        hits = (strongest & on_object).any(axis=1)
        return np.where(objects_with_evidence(values, covered), hits, np.nan)
