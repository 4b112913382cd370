# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""How to read what a layer returns as rows, columns and channels."""

from collections.abc import Sequence
from math import isqrt, prod
from typing import Any, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layer_table import LayerInfo, Layout
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.walk import Layer, is_attention
from tb_explain.probe.tap import Call

Grid = tuple[int, int, int]

_MOST_EXTRA_TOKENS = 8  # One class token, and up to seven registers, stand before the patches.
_MOST_COLOURS = 3  # A picture that was stored flat has so many channels, and a head has more.
_NARROWEST_PICTURE = 8  # Pixels; what is narrower is channels.
_LONGEST_PICTURE = 8  # Times its width.
_NOT_PLACES = ("Matmul", "Einsum", "Dot", "Tensordot")


@final
class Layouts:
    """Reads the layout of each call of a survey in the order in which data flowed.

    Args:
        layers: All layers by path.
        survey: The calls.
    """

    def __init__(self, layers: dict[str, Layer], survey: Survey) -> None:
        self._layers = layers
        self._copies = survey.copies
        self._attentions = [path for path, layer in layers.items() if is_attention(layer)]
        self._first: dict[int, bool] = {}
        self._grids: list[tuple[int, int]] = []  # The latest first.
        self._no_places: set[int] = set()  # Tensors of four axes that are no rows and columns.
        self.channels_first_input = self._input_order(survey)
        self._pictures = self._read_inputs(survey)
        self.found: dict[str, tuple[Layout, tuple[int, ...], Grid | None]] = {}
        self.keys: dict[str, tuple[int, int, int]] = {}
        for call in survey.calls:
            found = self._read(call)
            self.found.setdefault(call.path, found)
            attention = survey.attention.get(call.path)
            if isinstance(attention, tuple) and call.index == 0:
                self._read_keys(call.path, attention[2])

    def _read_inputs(self, survey: Survey) -> list[tuple[int, int]]:
        pictures: list[tuple[int, int]] = []
        for tensor in survey.inputs:
            self._first[id(tensor)] = self.channels_first_input
            sizes = (shape_of(tensor) or ())[1:]
            grid = input_grid(sizes, channels_first=self.channels_first_input)
            if grid is not None and len(sizes) == 3:
                pictures.append(grid[:2])
        return pictures

    def _read_keys(self, path: str, keys: int) -> None:
        patches = self._patch_grid(keys)
        if patches is not None:
            self.keys[path] = (*patches, keys - prod(patches))

    def _input_order(self, survey: Survey) -> bool:
        for call in sorted(survey.calls, key=lambda call: call.start):
            layer = self._layers[call.path]
            if type(layer).__name__ in ("Permute", "Transpose"):
                return False
            order = getattr(layer, "data_format", None)
            if order is not None and _rank(call.output) == 4:
                return order == "channels_first"
        return False

    def _read(self, call: Call) -> tuple[Layout, tuple[int, ...], Grid | None]:
        shape = shape_of(call.output)
        if shape is None or not shape or shape[0] != self._copies:
            return "other", (shape or ())[1:], None
        sizes = shape[1:]
        if len(sizes) == 3 and not self._inside_attention(call.path):
            return self._read_grid(call, sizes)
        if len(sizes) == 2 and not self._inside_attention(call.path):
            return self._read_tokens(call, sizes)
        return ("vector" if len(sizes) == 1 else "other"), sizes, None

    def _read_grid(
        self, call: Call, sizes: tuple[int, ...]
    ) -> tuple[Layout, tuple[int, ...], Grid | None]:
        if self._has_no_places(call, sizes):
            self._no_places.add(id(call.output))
            return "other", sizes, None
        first = self._channels_first(call)
        self._first[id(call.output)] = first
        rows, cols, channels = (*sizes[1:], sizes[0]) if first else sizes
        if min(rows, cols) > 1 and (rows, cols) not in self._pictures:
            self._grids.insert(0, (rows, cols))
        return ("grid_channels_first" if first else "grid"), sizes, (rows, cols, channels)

    def _has_no_places(self, call: Call, sizes: tuple[int, ...]) -> bool:
        kind = type(self._layers[call.path]).__name__
        given = tensors_in(call)
        if kind == "Reshape" and given and len(given[0].shape) == 3:
            of_input = id(given[0]) in self._first
            heads = sizes[0] == given[0].shape[1] and min(sizes[1:]) > 1
            return heads and sizes[2] > _MOST_COLOURS and not of_input
        kept = kind in ("Transpose", "Permute") or any(_is_like(x, call.output) for x in given)
        passed_on = kept and any(id(x) in self._no_places for x in given)
        return kind in _NOT_PLACES or passed_on

    def _read_tokens(
        self, call: Call, sizes: tuple[int, ...]
    ) -> tuple[Layout, tuple[int, ...], Grid | None]:
        if getattr(self._layers[call.path], "data_format", None) == "channels_first":
            return "other", sizes, None
        tokens, channels = sizes
        patches = self._patch_grid(tokens)
        if patches is not None:
            return "tokens", sizes, (*patches, channels)
        return "sequence", sizes, (1, tokens, channels)

    def _patch_grid(self, tokens: int) -> tuple[int, int] | None:
        found = _closest(tokens, self._grids)
        if found is not None or self._grids or not (self._attentions and self._pictures):
            return found
        divided = [grid for picture in self._pictures for grid in _divisions(*picture)]
        return _closest(tokens, divided) or _square(tokens)

    def _channels_first(self, call: Call) -> bool:
        layer = self._layers[call.path]
        given = [self._first[id(x)] for x in tensors_in(call) if id(x) in self._first]
        before = given[0] if given else False
        axes = getattr(layer, "dims", None) or getattr(layer, "axes", None)
        if type(layer).__name__ in ("Permute", "Transpose") and axes is not None:
            return _order_after(tuple(axes)[-3:], before=before)
        if id(call.output) in self._first:
            return self._first[id(call.output)]
        order = getattr(layer, "data_format", None)
        return before if order is None else order == "channels_first"

    def _inside_attention(self, path: str) -> bool:
        return any(path.startswith(attention + "/") for attention in self._attentions)


def _closest(tokens: int, grids: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Returns the first of the grids that leave the fewest tokens over."""
    fitting = [grid for grid in grids if 0 <= tokens - prod(grid) <= _MOST_EXTRA_TOKENS]
    return max(fitting, key=prod, default=None)


def _divisions(rows: int, cols: int) -> list[tuple[int, int]]:
    """Returns the grids of square patches into which a picture can be cut."""
    sizes = [size for size in range(1, min(rows, cols)) if rows % size == cols % size == 0]
    return [(rows // size, cols // size) for size in sizes]


def _square(tokens: int) -> tuple[int, int] | None:
    for extra in (0, 1):
        side = isqrt(tokens - extra)
        if side > 1 and side * side == tokens - extra:
            return side, side
    return None


def tensors_in(call: Call) -> list[Tensor]:
    """Returns the tensors that a call was given."""
    return [leaf for leaf in keras.tree.flatten(call.arguments) if hasattr(leaf, "shape")]


def shape_of(output: Any) -> tuple[int, ...] | None:
    """Returns the shape of a tensor, or `None` for anything else."""
    shape = getattr(output, "shape", None)
    return None if shape is None else tuple(int(size) for size in shape)


def input_grid(shape: Sequence[int], *, channels_first: bool) -> Grid | None:
    """Returns `(rows, cols, channels)` of an input without its axis of samples."""
    if len(shape) == 3:
        rows, cols, channels = (*shape[1:], shape[0]) if channels_first else shape
        return rows, cols, channels
    if len(shape) != 2:
        return None
    length, width = shape
    return (1, length, width) if is_signal(length, width) else (length, width, 1)


def is_signal(length: int, width: int) -> bool:
    """Whether samples of two axes are signals of few channels rather than grey pictures."""
    return width < _NARROWEST_PICTURE or length > _LONGEST_PICTURE * width


def to_grid(tensor: Tensor, layout: Layout, grid: Grid | None, ops: Any) -> Tensor:
    """Returns what a layer put out as `float32` of shape `(samples, rows, cols, channels)`.

    Args:
        tensor: What it put out, or the gradient for it.
        layout: How its axes are to be read.
        grid: Rows, columns and channels.
        ops: `keras.ops`.
    """
    values = ops.cast(tensor, "float32")
    if grid is None:
        return values
    rows, cols, channels = grid
    if layout == "grid_channels_first":
        return ops.transpose(values, (0, 2, 3, 1))
    if layout == "tokens":
        values = values[:, values.shape[1] - rows * cols :]
    return ops.reshape(values, (-1, rows, cols, channels))


def layer_to_grid(tensor: Tensor, layer: LayerInfo, ops: Any) -> Tensor:
    """Returns what `layer` put out as rows, columns and channels."""
    return to_grid(tensor, layer.layout, layer.grid, ops)


def _is_like(tensor: Tensor, output: Any) -> bool:
    return shape_of(tensor) == shape_of(output)


def _rank(output: Any) -> int:
    return len(shape_of(output) or ())


def _order_after(axes: tuple[int, ...], *, before: bool) -> bool:
    if axes in ((2, 3, 1), (3, 1, 2)):
        return axes == (3, 1, 2)
    return before
