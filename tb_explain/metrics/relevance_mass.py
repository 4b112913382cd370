"""Relevance mass: how much of the evidence lies on the object."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explanation import Floats
from tb_explain.metrics.base import Better, Localization, Measured, Range
from tb_explain.metrics.evidence import evidence, objects_with_evidence
from tb_explain.metrics.maps import Maps, ratio


@final
@dataclass(frozen=True)
class RelevanceMass(Localization):
    """How much of the evidence lies on the object: its share of all values above zero.

    A uniform map has the share of the picture that the object takes.

    References:
        Arras et al., 2022, https://arxiv.org/abs/2003.07258
    """

    name: ClassVar[str] = "relevance_mass"
    title: ClassVar[str] = "Relevance mass"
    better: ClassVar[Better | None] = "higher"
    range: ClassVar[Range] = (0, 1)
    about: ClassVar[str] = "Share of the evidence that lies on the object."
    cost: ClassVar[str] = "No pass of the model; a look at the maps and the masks."
    paper: ClassVar[str] = "https://arxiv.org/abs/2003.07258"

    @override
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        values = evidence(maps)
        shares = ratio((values * covered).sum(axis=1), values.sum(axis=1))
        return np.where(objects_with_evidence(values, covered), shares, np.nan)
