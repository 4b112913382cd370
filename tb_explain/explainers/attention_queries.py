"""From where attention is looked at: the class token, a patch, or the mean over all tokens."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from tb_explain.explanation import Floats
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable

Query = Literal["class", "mean"] | tuple[int, int]

CLASS_TOKEN: Final = -1  # In the figure `query`, where patches are counted row by row from 0.

_SEEN: Final = (
    "keras.layers.MultiHeadAttention, GroupQueryAttention, Attention and AdditiveAttention are "
    "seen, attention that a layer computes in code of its own or by ops.dot_product_attention "
    "is not; GradCAM works without"
)


def queries_of(layer: LayerInfo, queries: Sequence[Query]) -> tuple[Query, ...]:
    """Returns the queries, or where there are none the class token, or without one the mean."""
    return tuple(queries) or ("class" if layer.query_places[2] else "mean",)


def query_weights(layer: LayerInfo, queries: Sequence[Query]) -> Floats:
    """Returns how much of each query token is in each of `queries`, shape `(queries, tokens)`."""
    _, cols, leading = layer.query_places
    tokens = (layer.attention or (0, 0, 0))[1]
    weights = np.zeros((len(queries), tokens), np.float32)
    for place, query in enumerate(queries):
        if query == "mean":
            weights[place] = 1 / tokens
        elif query == "class":
            weights[place, 0] = 1
        else:
            weights[place, leading + query[0] * cols + query[1]] = 1
    return weights


def query_figures(layer: LayerInfo, queries: Sequence[Query]) -> list[float]:
    """Returns the number of each query: -1 the class token, NaN the mean, else the patch."""
    cols = layer.query_places[1]
    numbers: dict[Query, float] = {"class": CLASS_TOKEN, "mean": np.nan}
    return [
        query[0] * cols + query[1] if isinstance(query, tuple) else numbers[query]
        for query in queries
    ]


def check_queries(layer: LayerInfo, queries: Sequence[Query], *, received: str) -> None:
    """Checks that a layer has the queries.

    Raises:
        ValueError: If it has not; says which ones there are.
    """
    rows, cols, leading = layer.query_places
    for query in queries_of(layer, queries):
        if query == "mean" or (query == "class" and leading > 0):
            continue
        if query == "class":
            raise ValueError(
                f"Layer {layer.path!r} has no class token in front of its {rows} x {cols} "
                f"patches; use 'mean' or a patch such as (0, 0). Received: {received}"
            )
        if not _is_place(query, rows, cols):
            raise ValueError(
                "A query is 'class', 'mean', or the row and column of a patch; those of layer "
                f"{layer.path!r} are (0, 0) to {(rows - 1, cols - 1)}. Received: {received}"
            )


def _is_place(query: object, rows: int, cols: int) -> bool:
    match query:
        case (int(row), int(col)):
            return 0 <= row < rows and 0 <= col < cols
        case _:
            return False


def no_attention(layers: LayerTable, name: str, *, received: str) -> ValueError:
    """Returns the error of a model without attention that can be seen."""
    unseen = [layer for layer in layers.layers if layer.attention_unseen is not None]
    why = "".join(f" Layer {layer.path!r}: {layer.attention_unseen}." for layer in unseen[:3])
    return ValueError(
        f"{name} explains layers whose attention can be seen, and model {layers.model!r} has "
        f"none.{why} {_SEEN}. Received: {received}"
    )
