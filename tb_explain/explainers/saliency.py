"""Saliency: the gradient of the score for the input."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.input_gradient import InputGradientMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class Saliency(InputGradientMap):
    """How much the score would change with each pixel, whatever the direction.

    With the gradient `g = dS/dx` of the score `S` for the input `x`, the map is the largest
    magnitude over the channels of the input, `max_c(|g_c|)`.

    References:
        Simonyan et al., 2014, https://arxiv.org/abs/1312.6034
    """

    title: ClassVar[str] = "Saliency"
    paper: ClassVar[str] = "https://arxiv.org/abs/1312.6034"
    signed: ClassVar[bool] = False

    @override
    def combine(self, samples: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        return ops.max(ops.abs(gradient), axis=-1)
