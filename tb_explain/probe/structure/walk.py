# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""The layers of a model, each once and under a path of its own."""

from collections.abc import Iterable
from typing import Any

import keras

Layer = Any  # A `keras.layers.Layer`, or the `keras.Operation` of a node such as `x + y`.

_ATTENTION = (
    "MultiHeadAttention",
    "GroupedQueryAttention",
    "GroupQueryAttention",
    "Attention",
    "AdditiveAttention",
)


def walk(model: Layer) -> dict[str, Layer]:
    """Returns every layer below `model` by path, each layer once.

    A path joins the names from the model down, `base/conv1`. The second layer of one name
    within one parent is `conv1~1`. A layer that several parents hold has the path of the first.
    Cells of recurrent layers are left out: they run inside a loop, or fused, where nothing can
    be read.
    """
    found: dict[str, Layer] = {}
    _collect(model, "", found, {id(model)})
    return found


def children(layer: Layer) -> Iterable[Layer]:
    """Returns the layers that `layer` holds itself, nodes of its graph included."""
    if isinstance(layer, keras.layers.RNN):
        return ()
    if isinstance(layer, keras.Sequential):
        return tuple(layer.layers)
    nodes = getattr(layer, "operations", ()) if isinstance(layer, keras.Model) else ()
    return (*nodes, *getattr(layer, "_layers", ()))


def is_container(layer: Layer) -> bool:
    """Whether a layer only holds other layers: a nested model, or a block of the user."""
    if isinstance(layer, (keras.Model, keras.Sequential)):
        return True
    built_in = type(layer).__module__.startswith("keras.")
    return not built_in and any(True for _ in children(layer))


def is_attention(layer: Layer) -> bool:
    """Whether a layer is an attention layer of Keras, a subclass of one, or called like one."""
    return any(kind.__name__ in _ATTENTION for kind in type(layer).__mro__)


def _collect(parent: Layer, prefix: str, found: dict[str, Layer], seen: set[int]) -> None:
    names: dict[str, int] = {}
    for layer in children(parent):
        if id(layer) in seen or isinstance(layer, keras.layers.InputLayer):
            continue
        seen.add(id(layer))
        repeat = names.get(layer.name, 0)
        names[layer.name] = repeat + 1
        path = prefix + layer.name + (f"~{repeat}" if repeat else "")
        found[path] = layer
        _collect(layer, path + "/", found, seen)
