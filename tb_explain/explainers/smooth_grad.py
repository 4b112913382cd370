"""SmoothGrad."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.repeated import RepeatedExplainer
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries


@final
@dataclass(frozen=True)
class SmoothGrad(RepeatedExplainer):
    """A map without the noise of gradients: their mean over noisy copies of the sample.

    With Gaussian noise `e_i` of standard deviation `noise * (max(x) - min(x))`, the gradient is
    `mean_i(dS/dx(x + e_i))`, and the map is what `of` makes of it and of the sample without
    noise: `max_c(|mean_i(g_c(x + e_i))|)` for `Saliency()`. Of a class activation map, the map
    is the mean over the noisy copies, `mean_i(M(x + e_i))`.

    Args:
        of: The explainer that is smoothed: `Saliency()`, `InputXGradient()`, or a class activation
            map such as `GradCAM()`. Layer, sign and recorded size are its own.
        points: Noisy copies of each sample; each costs a forward and a backward pass.
        noise: Standard deviation of the noise as a share of the range of each sample. The paper
            proposes 0.1 to 0.2.
        seed: Of the noise, which is the same for all samples and in all records.

    References:
        Smilkov et al., 2017, https://arxiv.org/abs/1706.03825
    """

    title: ClassVar[str] = "SmoothGrad"
    paper: ClassVar[str] = "https://arxiv.org/abs/1706.03825"
    fewest: ClassVar[int] = 1

    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        if isinstance(self.of, ClassActivationMap):
            return {"map": self._mean(queries.maps(self.of, self.copies(queries, ops)))}
        mean = self._mean(self.gradients(queries, ops))
        return {"map": self.combined(queries.samples, mean, ops)}

    def _mean(self, values: Iterable[Tensor]) -> Tensor:
        total: Tensor = 0.0
        for value in values:
            total = total + value
        return total / self.points
