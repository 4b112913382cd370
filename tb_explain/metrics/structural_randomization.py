"""Parameter randomisation by structural similarity, which sees edges rather than ranks."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.metrics.randomized_weights import (
    check_cascade,
    likeness_with_random_weights,
    needs_explainer,
)
from tb_explain.metrics.structural_similarity import structural_similarities
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class StructuralRandomization(ModelMetric):
    """How alike a map is to those of the model with random weights: their SSIM.

    It is `ParameterRandomization` with the structural similarity of both maps, each divided by
    its largest magnitude and brought to 0..1, in place of their rank correlation: 1 for equal
    maps, less without a common structure, below 0 for opposite ones.

    Args:
        stages: Number of stages, over which the layers with kernels are spread; each explains
            all samples anew.
        seed: Of the order of weights, which is the same in all records.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
        Wang et al., 2004, https://doi.org/10.1109/TIP.2003.819861
    """

    name: ClassVar[str] = "structural_randomization"
    title: ClassVar[str] = "SSIM with random weights"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (-1, 1)
    about: ClassVar[str] = "SSIM with maps of random weights: near 1 it ignores the weights."
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
            model, structural_similarities, stages=self.stages, seed=self.seed, ops=ops
        )
