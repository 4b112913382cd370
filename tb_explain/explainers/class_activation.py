"""The kind of explainer that reads one layer and the gradient of the score for it."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, final

from typing_extensions import Self, override

from tb_explain.explainers.base import AttributionExplainer, as_map, resolved
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@dataclass(frozen=True)
class ClassActivationMap(AttributionExplainer):
    """A map of one layer, made of its output and the gradient of the score for its output.

    Args:
        layer: Path or unique name of a layer with rows and columns; `None` chooses by rule the
            last one before places are pooled or mixed.
    """

    layer: str | None

    @abstractmethod
    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        """Returns the maps, shape `(samples, rows, cols)`; pure, and traced.

        Args:
            activation: What the layer put out, shape `(samples, rows, cols, channels)`.
            gradient: Gradient of each score for it, of the same shape.
            ops: `keras.ops`, or an object with the same functions.
        """

    @final
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        received = f"{type(self).__name__}(layer={self.layer!r})"
        return (replace(self, layer=layers.find_grid(self.layer, received=received).path),)

    @final
    @override
    def needs(self, layers: LayerTable) -> Needs:
        layer = resolved(self.layer)
        return Needs(activations=(layer,), gradients=(layer,))

    @final
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        layer = resolved(self.layer)
        return as_map(self.combine(seen.activation(layer), seen.gradient(layer), ops), ops)

    @final
    @property
    def explained_layer(self) -> str | None:
        return self.layer

    @final
    @property
    def largest_recorded(self) -> int | None:
        return None
