# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Targets held fixed while the samples are changed.

The class that a model predicts for a changed sample may be another. A map explains one and the
same class all over, so classes and regions are read off the unchanged samples.
"""

from collections.abc import Mapping, Sequence
from typing import Any, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.scores.score import ContrastScorer, IndexScorer, Scorer

_NOWHERE = -1  # In a map of labels: a place outside of the region.


@final
class FrozenScorers:
    """Scorers whose classes and regions are given.

    Args:
        scorers: As the targets were resolved.
    """

    def __init__(self, scorers: Sequence[Scorer]) -> None:
        self._moving: list[IndexScorer] = []
        self.scorers: tuple[Scorer, ...] = tuple(self._frozen(scorer) for scorer in scorers)

    @property
    def moving(self) -> tuple[Scorer, ...]:
        """The scorers whose class or region depends on what the model predicts."""
        return tuple(self._moving)

    def aside(self, scored: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
        """Returns what the frozen scorers read, made of what `moving` found."""
        ops: Any = keras.ops
        found: dict[str, Tensor] = {}
        for number, (scorer, entry) in enumerate(zip(self._moving, scored, strict=True)):
            index = ops.cast(entry["target"], "int32")
            found[_index(number)] = index
            if scorer.info.task == "segmentation":
                nowhere = ops.cast(_NOWHERE, "int32")
                found[_places(number)] = ops.where(entry["places"] > 0, index[:, None], nowhere)
        return found

    def _frozen(self, scorer: Scorer) -> Scorer:
        if isinstance(scorer, ContrastScorer):
            return ContrastScorer(self._frozen(scorer.first), self._frozen(scorer.second))
        if not isinstance(scorer, IndexScorer) or not _moves(scorer):
            return scorer
        number = len(self._moving)
        self._moving.append(scorer)
        places = _places(number) if scorer.info.task == "segmentation" else None
        return IndexScorer(scorer.info, _index(number), places)


def _moves(scorer: IndexScorer) -> bool:
    if scorer.info.task == "segmentation" and scorer.label_map is None:
        return True
    return scorer.indices is None and scorer.info.task != "regression"


def _index(number: int) -> str:
    return f"frozen index {number}"


def _places(number: int) -> str:
    return f"frozen places {number}"
