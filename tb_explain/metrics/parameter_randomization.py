"""Parameter randomisation: how alike a map is to those of models with random weights."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.maps import rank_correlations
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.metrics.randomized_weights import (
    check_cascade,
    likeness_with_random_weights,
    needs_explainer,
)
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class ParameterRandomization(ModelMetric):
    """How alike a map is to those of the model with random weights: their rank correlation.

    The weights are made random from the top down: first those of the last layers, then of more
    and more, at last of all. At each stage the sample is explained anew for the same class. The
    figure is the mean over stages of the rank correlation with the map of the trained model: a
    method that explains the model has a small one, and one that shows the picture stays near 1.
    Stages at which the map is constant say nothing. It is what tells of pretrained models, whose
    maps at step 0 are no control.

    Kernels get their own values in a random order; biases, scales and statistics stay. All of
    them are bitwise what they were when the training goes on.

    Args:
        stages: Number of stages, over which the layers with kernels are spread; each explains
            all samples anew.
        seed: Of the order of weights, which is the same in all records.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
    """

    name: ClassVar[str] = "parameter_randomization"
    title: ClassVar[str] = "Likeness with random weights"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (-1, 1)
    about: ClassVar[str] = "Rank correlation with maps of random weights: near 1 it ignores them."
    cost: ClassVar[str] = (
        "What the explainer costs, once for each stage, and for both likenesses together."
    )
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.03292"

    stages: int = 4
    seed: int = 0

    @override
    def check(self, layers: LayerTable) -> None:
        check_cascade(self, layers, stages=self.stages, seed=self.seed)

    @override
    def misfit(self, explainer: Explainer | None) -> str | None:
        return needs_explainer(self, explainer)

    @override
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        return likeness_with_random_weights(
            model, rank_correlations, stages=self.stages, seed=self.seed, ops=ops
        )
