"""Completeness: how much the sum of a map lacks of what it should be."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.completeness import Complete
from tb_explain.explainers.host_scores import hosted
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.maps import ratio
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class Completeness(ModelMetric):
    """How much the sum of a map lacks of what it should be: `|sum - whole| / |whole|`.

    The whole is what the explainer says of its maps, for the score `S`, the sample `x` and the
    baseline `b`: `S(x) - S(b)` for integrated gradients and DeepLIFT, the mean of that over its
    baselines for GradientSHAP, `S(x)` for LRP, and `S(x) - S(0)` for input times gradient. It
    tells too few points of an integral, and gradients that do not hold on the way. It is not
    defined for other explainers, and where the whole is 0.

    References:
        Sundararajan et al., 2017, https://arxiv.org/abs/1703.01365
    """

    name: ClassVar[str] = "completeness"
    title: ClassVar[str] = "Completeness gap"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (0, None)
    about: ClassVar[str] = "What the sum of a map lacks of the score that it divides, as a share."
    cost: ClassVar[str] = "Two forward passes; as many as points, and one more, for GradientSHAP."
    paper: ClassVar[str] = "https://arxiv.org/abs/1703.01365"

    @override
    def check(self, layers: LayerTable) -> None:
        """There is no setting that could be wrong."""

    @override
    def misfit(self, explainer: Explainer | None) -> str | None:
        if isinstance(explainer, Complete):
            return None
        return (
            "Completeness is defined where maps divide a score among the pixels, as those of "
            "IntegratedGradients(), GradientSHAP(), DeepLIFT(), LRP() and InputXGradient() do"
        )

    @override
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        if not isinstance(model.explainer, Complete):
            raise ValueError(f"{self.misfit(model.explainer)}. Received: {model.explainer!r}")
        whole = hosted([model.explainer.whole(model.queries, ops)], ops)[0, model.place]
        with np.errstate(invalid="ignore"):  # A map that is not finite has no sum.
            total = model.explanation.values.sum(axis=(1, 2, 3), dtype=np.float64)
            return ratio(np.abs(total - whole), np.abs(whole))
