"""LayerCAM."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class LayerCAM(ClassActivationMap):
    """Where a layer holds evidence for the target: each output weighted at its own place.

    With the output `A` of the layer and the gradient `g = dS/dA` of the score `S`, the map is
    `relu(sum_k(relu(g_k) A_k))`. Because no gradient is pooled over places, it stays sharp in
    early layers too.

    References:
        Jiang et al., 2021, https://ieeexplore.ieee.org/document/9462463
    """

    title: ClassVar[str] = "LayerCAM"
    paper: ClassVar[str] = "https://ieeexplore.ieee.org/document/9462463"
    signed: ClassVar[bool] = False

    layer: str | None = None

    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        return ops.relu(ops.sum(ops.relu(gradient) * activation, axis=-1))
