"""Grad-CAM++."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class GradCAMPlusPlus(ClassActivationMap):
    """Where a layer holds evidence for the target: Grad-CAM that counts each place by itself.

    With the output `A` of the layer, the gradient `g = dS/dA` of the score `S` and the paper's
    choice `Y = exp(S)`, whose second and third derivatives are `Y g^2` and `Y g^3`, the map is

    `alpha = g^2 / (2 g^2 + sum_rows,cols(A_k) g^3)`, 0 where the denominator is 0,
    `w_k = sum_rows,cols(alpha relu(g))`,
    `relu(sum_k(w_k A_k))`.

    The paper has one factor more, `Y` in `w_k`. It is the same at all places and in all channels
    of a sample, and is left out, because it would hide how the map itself changes over time
    behind an exponential: a map holds derivatives of `S` alone. Where `g` is not 0, `alpha`
    equals `1 / (2 + sum_rows,cols(A_k) g)`, and is computed so: no power of a small or a large
    gradient is lost. Only a place of a channel whose sum is below zero can have a denominator
    near 0, and with it a very large weight; behind a ReLU there is none.

    References:
        Chattopadhyay et al., 2018, https://arxiv.org/abs/1710.11063
    """

    title: ClassVar[str] = "Grad-CAM++"
    paper: ClassVar[str] = "https://arxiv.org/abs/1710.11063"
    signed: ClassVar[bool] = False

    layer: str | None = None

    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        sums = ops.sum(activation, axis=(1, 2), keepdims=True)
        denominator = 2.0 + sums * gradient
        some = denominator != 0
        counted = ops.relu(gradient) / ops.where(some, denominator, ops.ones_like(denominator))
        counted = ops.where(some, counted, ops.zeros_like(counted))
        weights = ops.sum(counted, axis=(1, 2), keepdims=True)
        return ops.relu(ops.sum(weights * activation, axis=-1))
