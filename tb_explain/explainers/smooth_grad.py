"""SmoothGrad."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, final

from typing_extensions import Self, override

from tb_explain.explainers.base import QueryExplainer
from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.noise import check_noise, noisy
from tb_explain.explainers.repeated import Repeated, check_repeated
from tb_explain.explainers.saliency import Saliency
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class SmoothGrad(QueryExplainer):
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

    of: Repeated = field(default_factory=Saliency)
    points: int = 25
    noise: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        check_repeated(self, self.of)
        object.__setattr__(self, "signed", self.of.signed)

    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_noise(self, points=self.points, noise=self.noise, seed=self.seed)
        return tuple(replace(self, of=each) for each in self.of.resolve(layers))

    @property
    @override
    def explained_layer(self) -> str | None:
        return self.of.explained_layer

    @property
    @override
    def largest_recorded(self) -> int | None:
        return self.of.largest_recorded

    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        copies = noisy(samples, points=self.points, noise=self.noise, seed=self.seed, ops=ops)
        if isinstance(self.of, ClassActivationMap):
            return {"map": self._mean(queries.maps(self.of, copies))}
        mean = self._mean(gradient for _, gradient in queries.gradients(copies))
        made = [self.of.combine(samples, mean[target], ops) for target in range(queries.targets)]
        return {"map": ops.expand_dims(ops.stack(made), -1)}

    def _mean(self, values: Iterable[Tensor]) -> Tensor:
        total: Tensor = 0.0
        for value in values:
            total = total + value
        return total / self.points
