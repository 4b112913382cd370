"""Input times gradient."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.completeness import Complete, score_above
from tb_explain.explainers.input_gradient import InputGradientMap
from tb_explain.probe.needs import Tensor

if TYPE_CHECKING:
    from tb_explain.probe.queries.queries import Queries


@final
@dataclass(frozen=True)
class InputXGradient(InputGradientMap, Complete):
    """What each pixel adds to the score where the model is linear around the sample.

    With the gradient `g = dS/dx` of the score `S` for the input `x`, the map is
    `sum_c(x_c g_c)` over the channels of the input. It is signed. In a network of linear layers
    and ReLUs without biases the sum of the map is the score.

    References:
        Shrikumar et al., 2016, https://arxiv.org/abs/1605.01713
    """

    title: ClassVar[str] = "Input x gradient"
    paper: ClassVar[str] = "https://arxiv.org/abs/1605.01713"
    signed: ClassVar[bool] = True

    def combine(self, samples: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        return ops.sum(samples * gradient, axis=-1)

    @override
    def whole(self, queries: "Queries", ops: Any) -> Tensor:
        return score_above(ops.zeros_like(queries.samples), queries)
