"""HiResCAM."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class HiResCAM(ClassActivationMap):
    """What each place of a layer adds to the score: output times gradient, place by place.

    With the output `A` of the layer and the gradient `g = dS/dA` of the score `S`, the map is
    `sum_k(g_k A_k)`. It is signed: evidence against the target is below zero. Behind a linear
    head, pooled or flattened, the sum of the map is the score without its bias.

    References:
        Draelos and Carin, 2020, https://arxiv.org/abs/2011.08891
    """

    title: ClassVar[str] = "HiResCAM"
    paper: ClassVar[str] = "https://arxiv.org/abs/2011.08891"
    signed: ClassVar[bool] = True

    layer: str | None = None

    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        return ops.sum(gradient * activation, axis=-1)
