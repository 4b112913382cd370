"""Grad-CAM."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class GradCAM(ClassActivationMap):
    """Where a layer holds evidence for the target: its channels weighted by pooled gradients.

    With the output `A` of the layer, the gradient `g = dS/dA` of the score `S` and the weight
    `a_k = mean_rows,cols(g_k)` of channel `k`, the map is `relu(sum_k(a_k A_k))`. A map of zeros
    says that nothing in the layer speaks for the target.

    References:
        Selvaraju et al., 2017, https://arxiv.org/abs/1610.02391
    """

    title: ClassVar[str] = "Grad-CAM"
    paper: ClassVar[str] = "https://arxiv.org/abs/1610.02391"
    signed: ClassVar[bool] = False

    layer: str | None = None

    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        weights = ops.mean(gradient, axis=(1, 2), keepdims=True)
        return ops.relu(ops.sum(weights * activation, axis=-1))
