"""Figures that TensorBoard's own views draw as curves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final


@final
@dataclass(frozen=True, eq=False)
class Scalars:
    """Figures of one step, written as ordinary scalars beside the records.

    Readers of records pass them over: their tensors hold a number, those of records strings.

    Attributes:
        wall_time: Seconds since 1970.
        values: Figures by tag.
        descriptions: What they are, as Markdown; TensorBoard takes the first that a tag has.
        begins: Whether these are the first of a file: older files count up to the step before,
            as their records do.
    """

    wall_time: float
    values: Mapping[str, float]
    descriptions: Mapping[str, str] = field(default_factory=dict[str, str])
    begins: bool = False
