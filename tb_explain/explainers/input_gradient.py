"""The kind of explainer that reads the gradient of the score for the input."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from typing_extensions import Self, override

from tb_explain.explainers.base import AttributionExplainer, as_map
from tb_explain.explainers.input_check import check_explains_input
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@dataclass(frozen=True)
class InputGradientMap(AttributionExplainer):
    """A map of the input, made of the input and the gradient of the score for it.

    Args:
        recorded_size: Largest side of a recorded map, in cells; larger maps are pooled to it by
            area mean when they are recorded. `None` records every pixel.
    """

    recorded_size: int | None = field(default=56, kw_only=True)

    @abstractmethod
    def combine(self, samples: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        """Returns the maps, shape `(samples, rows, cols)`; pure, and traced.

        Args:
            samples: The explained input, shape `(samples, rows, cols, channels)`.
            gradient: Gradient of each score for it, of the same shape.
            ops: `keras.ops`, or an object with the same functions.
        """

    @final
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_explains_input(self, layers, recorded_size=self.recorded_size)
        layers.check_input_gradient(received=repr(self))
        return (self,)

    @final
    @override
    def needs(self, layers: LayerTable) -> Needs:
        return Needs(input_gradient=True)

    @final
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        return as_map(self.combine(seen.input, seen.input_gradient, ops), ops)

    @final
    @property
    def explained_layer(self) -> str | None:
        return None

    @final
    @property
    def largest_recorded(self) -> int | None:
        return self.recorded_size
