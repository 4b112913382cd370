"""VarGrad."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.repeated import RepeatedExplainer
from tb_explain.explainers.saliency import Saliency
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries


@final
@dataclass(frozen=True)
class VarGrad(RepeatedExplainer):
    """Where a map depends on noise in the sample: its variance over noisy copies.

    With Gaussian noise `e_i` of standard deviation `noise * (max(x) - min(x))`, the map of
    `Saliency()` is the largest variance of the gradient over the channels of the input,
    `max_c(mean_i((g_c(x + e_i) - mean_j(g_c(x + e_j)))^2))`. Of any other explainer it is the
    variance of its maps, where `InputXGradient()` multiplies by the sample without noise. The
    variance is that of the copies themselves, divided by their number and not by one less.

    Args:
        of: The explainer whose variance is shown: `Saliency()`, `InputXGradient()`, or a class
            activation map such as `GradCAM()`. Layer and recorded size are its own.
        points: Noisy copies of each sample; each costs a forward and a backward pass.
        noise: Standard deviation of the noise as a share of the range of each sample.
        seed: Of the noise, which is the same for all samples and in all records, and the same as
            that of `SmoothGrad`.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03307
    """

    title: ClassVar[str] = "VarGrad"
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.03307"
    signed: ClassVar[bool] = False
    fewest: ClassVar[int] = 2

    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        if isinstance(self.of, ClassActivationMap):
            return {"map": _variance(queries.maps(self.of, self.copies(queries, ops)))}
        gradients = self.gradients(queries, ops)
        if isinstance(self.of, Saliency):
            return {"map": ops.max(_variance(gradients), axis=-1, keepdims=True)}
        made = (self.combined(queries.samples, gradient, ops) for gradient in gradients)
        return {"map": _variance(made)}


def _variance(values: Iterable[Tensor]) -> Tensor:
    """Returns the variance, by differences from a running mean so that no digits cancel.

    https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance#Welford's_online_algorithm
    """
    count = 0
    mean: Tensor = 0.0
    squares: Tensor = 0.0
    for value in values:
        count += 1
        change = value - mean
        mean = mean + change / count
        squares = squares + change * (value - mean)
    return squares / count
