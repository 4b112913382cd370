"""The kind of explainer that asks the model about changed inputs."""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import final

from typing_extensions import Self, override

from tb_explain.explainers.base import QueryExplainer
from tb_explain.explainers.input_check import check_explains_input
from tb_explain.probe.structure.layer_table import LayerTable


@dataclass(frozen=True)
class InputQueryExplainer(QueryExplainer):
    """A map of the input, found by asking the model about changed inputs.

    Args:
        recorded_size: Largest side of a recorded map, in cells; larger maps are pooled to it by
            area mean when they are recorded. `None` records every pixel.
    """

    recorded_size: int | None = field(default=56, kw_only=True)

    @abstractmethod
    def check(self, layers: LayerTable) -> None:
        """Checks the settings.

        Raises:
            ValueError: If one makes no sense, for the model or at all.
        """

    @final
    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_explains_input(self, layers, recorded_size=self.recorded_size)
        self.check(layers)
        return (self,)

    @final
    @property
    @override
    def explained_layer(self) -> str | None:
        return None

    @final
    @property
    @override
    def largest_recorded(self) -> int | None:
        return self.recorded_size
