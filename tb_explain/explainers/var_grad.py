"""VarGrad."""

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
class VarGrad(QueryExplainer):
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

    of: Repeated = field(default_factory=Saliency)
    points: int = 25
    noise: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        check_repeated(self, self.of)

    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_noise(self, points=self.points, noise=self.noise, seed=self.seed)
        if self.points < 2:
            raise ValueError(f"A variance takes at least two points. Received: {self!r}")
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
            return {"map": _variance(queries.maps(self.of, copies))}
        gradients = (gradient for _, gradient in queries.gradients(copies))
        if isinstance(self.of, Saliency):
            return {"map": ops.max(_variance(gradients), axis=-1, keepdims=True)}
        made = (_combined(self.of, samples, gradient, ops) for gradient in gradients)
        return {"map": _variance(made)}


def _combined(of: Repeated, samples: Tensor, gradients: Tensor, ops: Any) -> Tensor:
    made = [of.combine(samples, gradient, ops) for gradient in gradients]
    return ops.expand_dims(ops.stack(made), -1)


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
