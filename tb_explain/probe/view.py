# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""What formulas see of a pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

import keras

from tb_explain.probe.attention import attention_key
from tb_explain.probe.backends.seam import Forwarded, Gradients
from tb_explain.probe.needs import Needs, Tensor
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.layouts import layer_to_grid, to_grid

CHANNELS = "channels "  # In front of the path of a layer among the arrays beside the samples.


@final
@dataclass(frozen=True, eq=False)
class PassView:
    """One pass seen for one target by one explainer; see `Seen` for what it offers.

    Attributes:
        table: The layers of the model.
        explained: The explained input as the model took it.
        channels_first: Whether its channels come first.
        forwarded: What the forward pass left.
        target: Position of the target.
        gradients: Its gradients, or `None` if the pass takes none.
        aside: Labels, and the channels shown of each layer.
        needs: What the explainer asked for.
    """

    table: LayerTable
    explained: Tensor
    channels_first: bool
    forwarded: Forwarded
    target: int
    gradients: Gradients | None
    aside: Mapping[str, Tensor]
    needs: Needs = field(default_factory=Needs)

    def of(self, needs: Needs) -> "PassView":
        """Returns the view of an explainer that asked for `needs`."""
        return replace(self, needs=needs)

    @property
    def samples(self) -> int:
        """Number of samples in the batch."""
        return int(self.explained.shape[0])

    @property
    def input(self) -> Tensor:
        return self._input_grid(self.explained)

    @property
    def input_gradient(self) -> Tensor:
        if not self.needs.input_gradient or self.gradients is None:
            raise ValueError("The gradient for the input was not asked for in `needs`.")
        self.table.check_input_gradient(received=f"input of type {self.table.input_type}")
        return self._input_grid(self.gradients.input)

    @property
    def scores(self) -> Tensor:
        return keras.ops.cast(self.forwarded.scores[self.target], "float32")

    def activation(self, layer: str) -> Tensor:
        if layer not in self.forwarded.tapped:
            raise ValueError(f"The activation of {layer!r} was not asked for in `needs`.")
        return self._layer_grid(self.forwarded.tapped[layer], layer)

    def gradient(self, layer: str) -> Tensor:
        if self.gradients is None or layer not in self.gradients.layers:
            raise ValueError(f"The gradient for {layer!r} was not asked for in `needs`.")
        return self._layer_grid(self.gradients.layers[layer], layer)

    def attention(self, layer: str) -> Tensor:
        key = attention_key(layer)
        if key not in self.forwarded.tapped:
            raise ValueError(f"The attention of {layer!r} was not asked for in `needs`.")
        return self._attention_axes(self.forwarded.tapped[key], layer)

    def attention_gradient(self, layer: str) -> Tensor:
        key = attention_key(layer)
        if self.gradients is None or key not in self.gradients.layers:
            raise ValueError(
                f"The gradient for the attention of {layer!r} was not asked for in `needs`."
            )
        return self._attention_axes(self.gradients.layers[key], layer)

    def info(self, layer: str) -> LayerInfo:
        return self.table.find(layer, received=f"layer={layer!r}")

    def channels(self, layer: str) -> Tensor:
        if layer not in self.needs.channels:
            raise ValueError(f"Channels of {layer!r} were not asked for in `needs`.")
        return self.aside[CHANNELS + layer][: self.needs.channels[layer]]

    def _attention_axes(self, tensor: Tensor, layer: str) -> Tensor:
        shape = self.table.find_attention(layer, received=f"layer={layer!r}").attention or ()
        return keras.ops.reshape(keras.ops.cast(tensor, "float32"), (-1, *shape))

    def _layer_grid(self, tensor: Tensor, layer: str) -> Tensor:
        info = self.table.find(layer, received=f"layer={layer!r}")
        return layer_to_grid(tensor, info, keras.ops)

    def _input_grid(self, tensor: Tensor) -> Tensor:
        layout = "grid_channels_first" if self.channels_first else "grid"
        return to_grid(tensor, layout, self.table.input_grid, keras.ops)
