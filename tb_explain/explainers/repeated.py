"""The kind of explainer that repeats another on noisy copies of the samples."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, final

from typing_extensions import Self, override

from tb_explain.explainers.base import QueryExplainer
from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.explainers.input_gradient import InputGradientMap
from tb_explain.explainers.noise import check_noise, noisy
from tb_explain.explainers.saliency import Saliency
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

Repeated = InputGradientMap | ClassActivationMap


@dataclass(frozen=True)
class RepeatedExplainer(QueryExplainer):
    """An explainer over noisy copies of each sample, with layer and recorded size of another.

    Args:
        of: The explainer that is repeated: `Saliency()`, `InputXGradient()`, or a class
            activation map such as `GradCAM()`.
        points: Noisy copies of each sample; each costs a forward and a backward pass.
        noise: Standard deviation of the noise as a share of the range of each sample.
        seed: Of the noise, which is the same for all samples and in all records.
    """

    fewest: ClassVar[int]

    of: Repeated = field(default_factory=Saliency)
    points: int = 25
    noise: float = 0.15
    seed: int = 0

    @final
    def __post_init__(self) -> None:
        if not _can_be_repeated(self.of):
            raise ValueError(
                f"{type(self).__name__} repeats an explainer of the input gradient or a class "
                "activation map, such as tbx.Saliency() or tbx.GradCAM(). "
                f"Received: of={self.of!r}"
            )
        if not hasattr(type(self), "signed"):  # Then the map has the sign of what is repeated.
            object.__setattr__(self, "signed", self.of.signed)

    @final
    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_noise(self, points=self.points, noise=self.noise, seed=self.seed)
        if self.points < self.fewest:
            raise ValueError(
                f"{type(self).__name__} takes at least {self.fewest} points. Received: {self!r}"
            )
        return tuple(replace(self, of=each) for each in self.of.resolve(layers))

    @final
    @property
    @override
    def explained_layer(self) -> str | None:
        return self.of.explained_layer

    @final
    @property
    @override
    def largest_recorded(self) -> int | None:
        return self.of.largest_recorded

    @final
    def copies(self, queries: Queries, ops: Any) -> Iterator[Tensor]:
        """Yields the noisy copies, of the shape of the samples."""
        yield from noisy(
            queries.samples, points=self.points, noise=self.noise, seed=self.seed, ops=ops
        )

    @final
    def gradients(self, queries: Queries, ops: Any) -> Iterator[Tensor]:
        """Yields the gradient of the scores for each copy, `(targets, samples, ...)`."""
        for _, gradient in queries.gradients(self.copies(queries, ops)):
            yield gradient

    @final
    def combined(self, samples: Tensor, gradients: Tensor, ops: Any) -> Tensor:
        """Returns what an explainer of the input gradient makes of gradients, for all targets."""
        if not isinstance(self.of, InputGradientMap):
            raise ValueError(f"{self.of!r} has no gradient of the input to make a map of.")
        made = [self.of.combine(samples, gradient, ops) for gradient in gradients]
        return ops.expand_dims(ops.stack(made), -1)


def _can_be_repeated(of: object) -> bool:
    return isinstance(of, InputGradientMap | ClassActivationMap)
