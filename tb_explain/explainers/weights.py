"""Kernels as matrices."""

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
from typing_extensions import Self

from tb_explain.explainers import kernels
from tb_explain.explainers.base import WeightExplainer
from tb_explain.explainers.selection import evenly_spaced, named, spread
from tb_explain.explanation import Explanation, Floats, Kind
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.weights import LayerWeights


@final
@dataclass(frozen=True)
class Weights(WeightExplainer):
    """The kernel of a layer as one matrix: inputs down, units across.

    Of matrices larger than `size` evenly spaced rows and columns are shown, not means, which
    would cancel; the legend says which share. The figures `norm`, `|W|`, and `change`,
    `|W - W_prev| / |W_prev|` since the last record (NaN at the first), are those of the whole
    kernel.

    Args:
        layer: Path or unique name of a dense layer, an embedding or a 1 x 1 convolution. `None`
            takes up to `shown_layers` of them, spaced evenly over the depth of the model.
        size: Largest side of the matrix shown, in weights.
        shown_layers: With `layer=None`, how many layers are shown.

    References:
        Hinton and Shallice, 1991, https://doi.org/10.1037/0033-295X.98.1.74
    """

    kind: ClassVar[Kind] = "weight"
    title: ClassVar[str] = "Weights"
    paper: ClassVar[str] = "https://doi.org/10.1037/0033-295X.98.1.74"

    layer: str | None = None
    size: int = 512
    shown_layers: int = 8

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        if self.size < 1 or self.shown_layers < 1:
            raise ValueError(f"Weights shows at least one weight of a layer. Received: {self!r}")
        suited = [layer for layer in layers.layers if _is_matrix(layer)]
        if self.layer is not None:
            found = layers.find(self.layer, received=f"Weights(layer={self.layer!r})")
            if found in suited:
                return (replace(self, layer=found.path),)
            raise ValueError(
                f"The kernel of layer {found.path!r} is no matrix; Filters shows convolutions. "
                f"Matrices of model {layers.model!r}: {named(suited)}. "
                f"Received: Weights(layer={self.layer!r})"
            )
        if not suited:
            raise ValueError(
                f"Model {layers.model!r} has no dense layer, embedding or 1 x 1 convolution; "
                f"Filters shows convolutions. Received: {self!r}"
            )
        shown = evenly_spaced(suited, self.shown_layers)
        return tuple(replace(self, layer=layer.path) for layer in shown)

    def explanation(self, weights: LayerWeights) -> Explanation:
        matrix = weights.kernel.reshape(-1, weights.kernel.shape[-1])
        figures = kernels.whole(weights.kernel, weights.previous)
        down, across = (spread(side, self.size) for side in matrix.shape)
        shown = matrix[np.ix_(down, across)][None, :, :, None]
        return Explanation(
            values=np.ascontiguousarray(shown, np.float32),
            kind=self.kind,
            layer=weights.path,
            signed=True,
            figures={name: np.array([value], np.float32) for name, value in figures.items()},
            statistics=figures,
            facts=_size_facts(matrix, shown),
        )


def _size_facts(matrix: Floats, shown: Floats) -> dict[str, object]:
    facts: dict[str, object] = {"inputs": matrix.shape[0], "units": matrix.shape[1]}
    rows, cols = shown.shape[1:3]
    if (rows, cols) != matrix.shape:
        facts["note"] = (
            f"{rows} of {matrix.shape[0]} inputs and {cols} of {matrix.shape[1]} units, "
            "evenly spaced"
        )
    return facts


def _is_matrix(layer: LayerInfo) -> bool:
    shape = layer.kernel_shape
    if shape is None:
        return False
    small = layer.kernel in ("conv", "transposed", "conv1d") and shape[:2] == (1, 1)
    return small or layer.kernel in ("dense", "embedding")
