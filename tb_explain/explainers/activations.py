"""What layers put out, and figures about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, final

import numpy as np
from typing_extensions import Self

from tb_explain.explainers.activation_figures import figures_of, traced_figures
from tb_explain.explainers.base import Arrays, Frame, PassExplainer, resolved
from tb_explain.explainers.selection import evenly_spaced
from tb_explain.explanation import Explanation, Floats, Kind
from tb_explain.pooling import area_weights, pooled_sides
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable

_NORMALISATION: Final = "Normalization"
_NON_NEGATIVE: Final = frozenset(
    ("relu", "relu6", "sigmoid", "hard_sigmoid", "softplus", "exponential")
)


@final
@dataclass(frozen=True)
class Activations(PassExplainer):
    """What channels of a layer put out for each sample, and figures of the whole layer.

    Which channels are shown is chosen at the first record, the strongest by their mean magnitude
    over samples and places, strongest first, and then stays, so that columns don't jump. Maps
    come sample by sample: all channels of the first sample, then of the next.

    The figures are taken over all samples and places: `mean`, `std`; `sparsity`, the share of
    exact zeros; `dead`, behind a ReLU the number of channels that are zero everywhere;
    `saturation`, behind a function with two ends (sigmoid, tanh, ReLU6) the share within 1 % of
    its range of an end. Figures that don't apply are NaN. Of each map `peak` is the largest value
    and `place` the cell where it stands, `row * cols + col`: the samples and places that excite a
    channel most are those of its largest peaks.

    Where these are recorded, the means over places also say how alike a layer is to itself at
    other records, and to other layers, in what it tells samples apart by; see
    `tbx.metrics.linear_cka`.

    Args:
        layer: Path or unique name of a layer with rows and columns. `None` takes figures of every
            layer that has an activation function, or weights and no normalisation behind it that
            would undo what they say, and shows channels of some of them.
        channels: Channels shown of a layer; 0 takes figures alone.
        size: Largest side of a map, in cells; larger ones are pooled to it by area mean.
        shown_layers: With `layer=None`, of how many layers channels are shown, spaced evenly
            over the depth of the model.
        nonlinearity: Name of the activation function behind the output, such as `"relu"`;
            `None` takes what the layer says.

    References:
        Zeiler and Fergus, 2014, https://arxiv.org/abs/1311.2901
    """

    kind: ClassVar[Kind] = "activation"
    title: ClassVar[str] = "Activations"
    paper: ClassVar[str] = "https://arxiv.org/abs/1311.2901"

    layer: str | None = None
    channels: int = 16
    size: int = 16
    shown_layers: int = 8
    nonlinearity: str | None = None

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        self._check()
        if self.layer is not None:
            received = f"Activations(layer={self.layer!r})"
            return (self._of(layers.find_grid(self.layer, received=received), self.channels),)
        worth = _worth_it(layers)
        if not worth:
            raise ValueError(
                f"Model {layers.model!r} has no layer with weights or an activation function "
                f"that a pass reaches; name one with rows and columns. Received: {self!r}"
            )
        shown = self._shown(worth)
        return tuple(self._of(one, self.channels if one.path in shown else 0) for one in worth)

    def needs(self, layers: LayerTable) -> Needs:
        layer = resolved(self.layer)
        if not self.channels:
            return Needs(activations=(layer,))
        grid = layers.find_grid(layer, received=repr(self)).grid or (1, 1, 1)
        return Needs(activations=(layer,), channels={layer: min(self.channels, grid[2])})

    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        layer = resolved(self.layer)
        activation = seen.activation(layer)
        figures = traced_figures(activation, self.nonlinearity, ops)
        if not self.channels:
            return figures
        indices = seen.channels(layer)[: self.channels]
        shown = _shown(activation, indices, self.size, ops)
        if self.nonlinearity in _NON_NEGATIVE:
            return {**figures, "maps": shown}  # The mean is the mean magnitude.
        strength = ops.mean(ops.abs(activation), axis=(1, 2))
        return {**figures, "maps": shown, "strength": strength}

    def choose(self, arrays: Arrays) -> Mapping[str, tuple[int, ...]]:
        if not self.channels:
            return {}
        strengths = arrays.get("strength", arrays["mean"])
        strength = np.nan_to_num(strengths, posinf=0, neginf=0).mean(axis=0)
        strongest = np.argsort(-strength, kind="stable")[: self.channels]
        return {resolved(self.layer): tuple(int(channel) for channel in strongest)}

    def explanation(self, arrays: Arrays, frame: Frame) -> Explanation:
        layer = resolved(self.layer)
        maps = arrays.get("maps", np.zeros((frame.samples, 1, 1, 0), np.float32))
        rows, cols, shown = maps.shape[1:]
        values = np.moveaxis(maps, -1, 1).reshape(-1, rows, cols, 1).astype(np.float32)
        indices = frame.channels.get(layer, ())[:shown]
        return Explanation(
            values=values,
            kind=self.kind,
            layer=layer,
            signed=self.nonlinearity not in _NON_NEGATIVE or bool((values < 0).any()),
            samples=tuple(sample for sample in range(frame.samples) for _ in range(shown)),
            channels=indices * frame.samples,
            figures=_peaks(values),
            statistics=figures_of(arrays, self.nonlinearity),
            facts={"unit": f"output of {layer}"},
        )

    def _of(self, layer: LayerInfo, channels: int) -> Self:
        nonlinearity = self.nonlinearity or layer.activation
        return replace(self, layer=layer.path, channels=channels, nonlinearity=nonlinearity)

    def _shown(self, worth: list[LayerInfo]) -> frozenset[str]:
        places = [layer for layer in worth if layer.grid and layer.grid[0] * layer.grid[1] > 1]
        # Behind a convolution without a function mostly follows the layer that has it.
        active = [layer for layer in places if not _is_linear(layer)] or places
        return frozenset(layer.path for layer in evenly_spaced(active, self.shown_layers))

    def _check(self) -> None:
        for name, least in (("channels", 0), ("size", 1), ("shown_layers", 0)):
            if getattr(self, name) < least:
                raise ValueError(
                    f"`{name}` of Activations is at least {least}. "
                    f"Received: {name}={getattr(self, name)}"
                )


def _peaks(values: Floats) -> dict[str, Floats]:
    """Returns the largest value of each map and its place, `row * cols + col`."""
    if not values.size:
        return {}
    flat = values.reshape(len(values), -1)
    comparable = np.where(np.isnan(flat), -np.inf, flat)
    places = comparable.argmax(axis=1).astype(np.float32)
    return {"peak": comparable.max(axis=1).astype(np.float32), "place": places}


def _worth_it(layers: LayerTable) -> list[LayerInfo]:
    leaves = [layer for layer in layers.layers if not layer.container and layer.order >= 0]
    return [
        layer
        for index, layer in enumerate(leaves)
        if layer.layout != "other"
        and (not _is_linear(layer) or _shows_its_weights(layer, leaves[index + 1 : index + 3]))
    ]


def _shows_its_weights(layer: LayerInfo, following: Sequence[LayerInfo]) -> bool:
    # Two, since a shortcut of a residual block may run between a layer and its normalisation.
    normalised = any(_NORMALISATION in other.type for other in following)
    return layer.parameters > 0 and _NORMALISATION not in layer.type and not normalised


def _is_linear(layer: LayerInfo) -> bool:
    return layer.activation in (None, "linear")


def _shown(activation: Tensor, indices: Tensor, size: int, ops: Any) -> Tensor:
    """Returns some channels, pooled to `size` by area mean."""
    rows, cols = activation.shape[1], activation.shape[2]
    down, across = pooled_sides(rows, cols, size)
    if rows % down == 0 and cols % across == 0:
        # Picking channels is slow for each place, so that pooling all of them first is faster.
        return ops.take(_block_means(activation, down, across, ops=ops), indices, axis=-1)
    maps = ops.take(activation, indices, axis=-1)
    maps = ops.einsum("or,nrck->nock", ops.convert_to_tensor(area_weights(rows, down)), maps)
    return ops.einsum("pc,nock->nopk", ops.convert_to_tensor(area_weights(cols, across)), maps)


def _block_means(maps: Tensor, down: int, across: int, *, ops: Any) -> Tensor:
    """Returns the means of equal blocks; one axis after the other is faster than both at once."""
    samples, rows, cols, channels = maps.shape
    if (rows, cols) == (down, across):
        return maps
    maps = ops.cast(maps, "float32")
    if rows > down:
        blocks = ops.reshape(maps, (samples * down, rows // down, cols * channels))
        maps = ops.mean(blocks, axis=1)
    if cols > across:
        blocks = ops.reshape(maps, (samples * down * across, cols // across, channels))
        maps = ops.mean(blocks, axis=1)
    return ops.reshape(maps, (samples, down, across, channels))
