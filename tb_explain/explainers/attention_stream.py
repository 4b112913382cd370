"""Attention layers that pass the same tokens on to one another."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tb_explain.explainers.attention_queries import Query, no_attention, queries_of, query_weights
from tb_explain.probe.needs import Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable


def one_stream(
    layers: LayerTable, named: Sequence[str], *, name: str, received: str
) -> tuple[LayerInfo, ...]:
    """Returns the attention layers of a model, or those named, in the order of execution.

    Args:
        layers: The layers of the model.
        named: Their paths; none takes all.
        name: Class name of the explainer, for errors.
        received: The explainer as it was asked for, for errors.

    Raises:
        ValueError: If they do not pass the same tokens on, each of them once, or one of them
            cannot be seen; says which and why.
    """
    if not named:
        _check_all_seen(layers, name, received)
    wanted = {layers.find_attention(path, received=received).path for path in named}
    found = [layer for layer in layers.attending if layer.path in wanted or not named]
    for before, layer in pairwise([found[0], *found]):
        reason = _why_apart(layer, before)
        if reason is not None:
            raise ValueError(
                f"{name} follows the same tokens from layer to layer, and {layer.path!r} in "
                f"model {layers.model!r} {reason}. Name layers that pass them on, such as "
                f"layers=({found[0].path!r},), or use Attention. Received: {received}"
            )
    return tuple(found)


def first_row(seen: Seen, layer: LayerInfo, queries: Sequence[Query], ops: Any) -> Tensor:
    """Returns the row of an identity that stands for a query, shape `(samples, tokens)`."""
    weights = ops.convert_to_tensor(query_weights(layer, queries_of(layer, queries)))
    return weights + ops.zeros_like(seen.attention(layer.path)[:, 0, 0])


def on_patches(relevance: Tensor, layer: LayerInfo, ops: Any) -> Mapping[str, Tensor]:
    """Returns values of all tokens, `(samples, tokens)`, as a map of the patches and the rest."""
    rows, cols, leading = layer.key_places
    return {
        "map": ops.reshape(relevance[:, leading:], (-1, rows, cols, 1)),
        "elsewhere": ops.sum(relevance[:, :leading], axis=-1),
    }


def _check_all_seen(layers: LayerTable, name: str, received: str) -> None:
    if not layers.attending:
        raise no_attention(layers, name, received=received)
    for layer in layers.layers:
        if layer.attention_unseen is not None and layer.order >= 0:
            raise ValueError(
                f"{name} needs the attention of all layers, and that of {layer.path!r} in model "
                f"{layers.model!r} cannot be seen: {layer.attention_unseen}. Name those of one "
                f"stream by `layers`, or use Attention. Received: {received}"
            )


def _why_apart(layer: LayerInfo, before: LayerInfo) -> str | None:
    if layer.calls > 1:
        return f"is called {layer.calls} times, of which the first alone is seen"
    if not layer.attends_to_itself:
        return "attends from one tensor to another"
    tokens = (layer.attention or (0, 0, 0))[1]
    passed = (before.attention or (0, 0, 0))[1]
    if (tokens, layer.key_places) != (passed, before.key_places):
        return f"has {tokens} tokens where {before.path!r} has {passed}"
    read = layer.attention_before
    if layer is not before and read is not None and before.path not in read:
        return f"does not read what {before.path!r} puts out"
    return None
