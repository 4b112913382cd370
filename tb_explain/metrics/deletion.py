"""Deletion: how fast the target is lost with the strongest pixels."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.baselines import (
    AnyBaseline,
    Blurred,
    check_baseline,
    keep_baseline,
)
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.model_metric import ModelMetric, check_points
from tb_explain.metrics.pixel_order import area_under_changes
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class Deletion(ModelMetric):
    """How fast the target is lost where the strongest pixels are taken away.

    At point `k` of `points`, the `k / points` strongest pixels hold the baseline; the figure is
    the area under the probability of the target over that share, by the trapezoid rule. A small
    one says that the pixels which the map calls important are those the model needs.
    Signed maps are ordered by value, so that what speaks against the target comes last; equal
    pixels change from the top left to the bottom right. Coarse maps are enlarged bilinearly. It is
    not defined for maps all of whose pixels are equal.

    Args:
        points: Points of the curve after the first; each costs a forward pass, as the
            first does. The first and the last are asked once for all maps of a record.
        baseline: What a pixel shows that was taken away: a number, `Blurred()`, or a picture, in
            the unit of the model's input.
        score: Takes the score of the target before softmax or sigmoid in place of its
            probability, as is done where there is no probability. Its area has no limits.

    References:
        Petsiuk et al., 2018, https://arxiv.org/abs/1806.07421
    """

    name: ClassVar[str] = "deletion"
    title: ClassVar[str] = "Deletion"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (None, None)
    about: ClassVar[str] = "Area under the probability while the strongest pixels are taken away."
    cost: ClassVar[str] = (
        "A forward pass for each of its points but the last, and two for all maps of a record."
    )
    paper: ClassVar[str] = "https://arxiv.org/abs/1806.07421"

    points: int = 10
    baseline: AnyBaseline = field(default_factory=Blurred)
    score: bool = False

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_points(self, points=self.points)
        check_baseline(self.baseline, layers.input_grid, received=repr(self))

    @override
    def misfit(self, explainer: Explainer | None) -> str | None:
        return None

    @override
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        return area_under_changes(
            model, self, inserts=False, points=self.points, score=self.score, ops=ops
        )
