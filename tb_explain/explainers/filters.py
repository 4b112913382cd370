"""The filters of convolutions as pictures."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, final

import numpy as np
from typing_extensions import Self

from tb_explain.explainers import kernels
from tb_explain.explainers.base import WeightExplainer
from tb_explain.explainers.selection import evenly_spaced, named
from tb_explain.explanation import Explanation, Floats, Kind
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.weights import LayerWeights

_TINY: Final = 1e-300  # Below any square of float32 weights, so that zero over it is zero.


@final
@dataclass(frozen=True)
class Filters(WeightExplainer):
    """What the filters of a convolution respond to.

    Filters that see the picture itself are shown in its colours, those that see one channel as
    they are. Any other filter `W`, of `rows cols` places and `inputs` channels, is shown along
    the one direction over its inputs that keeps most of it: `W v`, where `v` is the first right
    singular vector of `W` as a matrix `(places, inputs)`. The figure `share` says how much of
    `|W|^2` that is. The sign makes the largest component of `v` positive at the first record and
    then follows the previous record, so that it does not flip.

    Further figures are the `norm` of each filter and its `change` since the last record,
    `|W - W_prev| / |W_prev|` (NaN at the first), and how `alike` it is to the filter that is most
    like it, its `twin`: `W . W_twin / (|W| |W_twin|)`, near 1 for near-duplicates. Which filters
    are shown is chosen at the first record by norm and then stays.

    Args:
        layer: Path or unique name of a convolution. `None` takes up to `shown_layers` of those
            larger than 1 x 1, spaced evenly over the depth of the model, the first included.
        count: Filters shown of a layer.
        shown_layers: With `layer=None`, how many layers are shown.

    References:
        Krizhevsky et al., 2012,
        https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html
    """

    kind: ClassVar[Kind] = "filter"
    title: ClassVar[str] = "Filters"
    paper: ClassVar[str] = (
        "https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html"
    )

    layer: str | None = None
    count: int = 64
    shown_layers: int = 8

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        if self.count < 1 or self.shown_layers < 1:
            raise ValueError(f"Filters shows at least one filter of one layer. Received: {self!r}")
        suited = [layer for layer in layers.layers if _is_convolution(layer)]
        if self.layer is not None:
            found = layers.find(self.layer, received=f"Filters(layer={self.layer!r})")
            if found in suited:
                return (replace(self, layer=found.path),)
            raise ValueError(
                f"Layer {found.path!r} is no convolution. Convolutions of model "
                f"{layers.model!r}: {named(suited)}. Received: Filters(layer={self.layer!r})"
            )
        larger = [layer for layer in suited if _places(layer) > 1]
        if not larger:
            raise ValueError(
                f"Model {layers.model!r} has no convolution larger than 1 x 1; Weights shows "
                f"matrices. Received: {self!r}"
            )
        shown = evenly_spaced(larger, self.shown_layers)
        return tuple(replace(self, layer=layer.path) for layer in shown)

    def explanation(self, weights: LayerWeights) -> Explanation:
        kernel, previous = weights.kernel, weights.previous
        shown = weights.shown
        chosen = kernels.chosen_by_norm(kernel, self.count) if shown is None else shown.channels
        indices = np.array(chosen, np.intp)
        norms, changes, whole = kernels.compared(kernel, previous)
        alike, twins = kernels.most_alike(kernel, indices)
        values, share = _pictured(kernel[..., indices], in_colour=_in_colour(weights))
        if shown is not None:
            values = _aligned(values, shown.values)
        return Explanation(
            values=values,
            kind=self.kind,
            layer=weights.path,
            signed=True,
            channels=chosen,
            figures={
                "norm": norms[indices],
                "change": changes[indices],
                "share": share,
                "alike": alike,
                "twin": twins,
            },
            statistics=whole,
            facts={"filters": kernel.shape[-1], "inputs": kernel.shape[2]},
        )


def _pictured(kernel: Floats, *, in_colour: bool) -> tuple[Floats, Floats]:
    """Returns maps `(filters, rows, cols, channels)` and the share of each that they keep."""
    rows, cols, inputs, filters = kernel.shape
    tiles = np.moveaxis(kernel, -1, 0)
    if in_colour or inputs == 1:
        return np.ascontiguousarray(tiles), np.ones(int(filters), np.float32)
    matrices = tiles.reshape(filters, rows * cols, inputs).astype(np.float64)
    if not np.isfinite(matrices).all():
        matrices = np.nan_to_num(matrices)
    # The Gram matrix of the places is small: 9 x 9 where the matrix may be 9 x 2048.
    gram = matrices @ np.swapaxes(matrices, 1, 2)
    energies, directions = np.linalg.eigh(gram)
    strength = np.sqrt(np.maximum(energies[:, -1:], 0))
    along_places = directions[:, :, -1]
    along_inputs = (along_places[:, None] @ matrices)[:, 0]
    largest = np.abs(along_inputs).argmax(axis=1)
    sign = np.where(along_inputs[np.arange(filters), largest] < 0, -1.0, 1.0)[:, None]
    maps = (sign * strength * along_places).reshape(filters, rows, cols, 1)
    total = np.trace(gram, axis1=1, axis2=2)
    share = np.array(strength[:, 0] ** 2 / np.maximum(total, _TINY), np.float32)
    return maps.astype(np.float32), np.minimum(share, np.float32(1))


def _aligned(values: Floats, previous: Floats) -> Floats:
    if values.shape[-1] != 1:
        return values
    agreement = (values * previous).sum(axis=(1, 2, 3), keepdims=True)
    return np.where(agreement < 0, -values, values)


def _in_colour(weights: LayerWeights) -> bool:
    return weights.sees_picture and weights.kernel.shape[2] == 3


def _is_convolution(layer: LayerInfo) -> bool:
    return layer.kernel_shape is not None and layer.kernel in (
        "conv",
        "depthwise",
        "transposed",
        "conv1d",
    )


def _places(layer: LayerInfo) -> int:
    rows, cols = (layer.kernel_shape or (1, 1))[:2]
    return rows * cols
