"""Attention: where each head of a layer looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np
from typing_extensions import Self, override

from tb_explain.explainers.attention_queries import (
    Query,
    check_queries,
    no_attention,
    queries_of,
    query_figures,
    query_weights,
)
from tb_explain.explainers.base import Arrays, Frame, PassExplainer, resolved
from tb_explain.explainers.selection import evenly_spaced
from tb_explain.explanation import Explanation, Kind
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable


@final
@dataclass(frozen=True)
class Attention(PassExplainer):
    """To which patches a token attends, in the mean over all heads and head by head.

    With queries `Q` and keys `K` of a head of `d` channels, a map is one row of
    `A = softmax(Q K^T / sqrt(d))`: the attention that a query token pays to each patch. What it
    pays to tokens that are no patches, a class token or registers, is the figure `elsewhere` of
    the map, so that the map and it sum to 1. The figure `query` is the patch that looks, counted
    row by row from 0; -1 is the class token and NaN the mean over all tokens. Attention says
    where a layer looks and not why: it is the same for all targets.

    Maps come sample by sample, within it head by head, the mean over all heads first, and within
    a head query by query. All of a ViT-B/16 for 16 samples, 12 layers of 12 heads and 197 queries,
    would be 178 MB a record; the defaults keep 4 layers, the mean and 4 heads, and one query, which
    is 0.1 MB.

    Args:
        layer: Path or unique name of an attention layer; `None` takes some of them.
        heads: How many heads are shown beside their mean, or which, by their indices. Heads have
            no order, so the first are as good as any, and they stay the same over time.
        queries: From where attention is shown: `"class"` token, `"mean"` over all tokens, rows
            and columns of patches such as `(3, 4)`. Nothing is the class token, the first of the
            tokens that stand before the patches, or without any the mean.
        shown_layers: With `layer=None`, of how many layers, spaced evenly over the depth of the
            model.

    References:
        Vaswani et al., 2017, https://arxiv.org/abs/1706.03762
    """

    kind: ClassVar[Kind] = "attention"
    title: ClassVar[str] = "Attention"
    paper: ClassVar[str] = "https://arxiv.org/abs/1706.03762"

    layer: str | None = None
    heads: int | tuple[int, ...] = 4
    queries: tuple[Query, ...] = ()
    shown_layers: int = 4

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        if self.shown_layers < 1:
            raise ValueError(f"`shown_layers` of Attention is at least 1. Received: {self!r}")
        if self.layer is not None:
            found = [layers.find_attention(self.layer, received=f"Attention(layer={self.layer!r})")]
        else:
            found = evenly_spaced(layers.attending, self.shown_layers)
        if not found:
            raise no_attention(layers, "Attention", received=repr(self))
        for layer in found:
            self._check(layer)
        return tuple(replace(self, layer=layer.path) for layer in found)

    @override
    def needs(self, layers: LayerTable) -> Needs:
        return Needs(attention=(resolved(self.layer),))

    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        layer = seen.info(resolved(self.layer))
        weights = query_weights(layer, queries_of(layer, self.queries))
        rows = ops.einsum("qt,nhtk->nhqk", weights, seen.attention(layer.path))
        heads = np.asarray(self._heads(layer), np.int32)
        mean = ops.mean(rows, axis=1, keepdims=True)
        shown = ops.concatenate([mean, ops.take(rows, heads, axis=1)], axis=1)
        leading = layer.key_places[2]
        return {"map": shown[..., leading:], "elsewhere": ops.sum(shown[..., :leading], axis=-1)}

    def explanation(self, arrays: Arrays, frame: Frame) -> Explanation:
        path = resolved(self.layer)
        layer = frame.layers.find_attention(path, received=repr(self))
        rows, cols, _ = layer.key_places
        queries = query_figures(layer, queries_of(layer, self.queries))
        heads = (None, *self._heads(layer))
        each = len(heads) * len(queries)
        return Explanation(
            values=np.asarray(arrays["map"], np.float32).reshape(-1, rows, cols, 1),
            kind=self.kind,
            layer=path,
            samples=tuple(sample for sample in range(frame.samples) for _ in range(each)),
            channels=tuple(head for head in heads for _ in queries) * frame.samples,
            figures={
                "query": np.tile(np.asarray(queries, np.float32), frame.samples * len(heads)),
                "elsewhere": np.asarray(arrays["elsewhere"], np.float32).reshape(-1),
            },
        )

    @override
    def choose(self, arrays: Arrays) -> Mapping[str, tuple[int, ...]]:
        return {}

    def _heads(self, layer: LayerInfo) -> tuple[int, ...]:
        count = (layer.attention or (0, 0, 0))[0]
        if isinstance(self.heads, tuple):
            return self.heads
        return tuple(range(min(self.heads, count))) if count > 1 else ()

    def _check(self, layer: LayerInfo) -> None:
        received = repr(replace(self, layer=layer.path))
        count = (layer.attention or (0, 0, 0))[0]
        wrong = [head for head in self._heads(layer) if not 0 <= head < count]
        if wrong or (isinstance(self.heads, int) and self.heads < 0):
            raise ValueError(
                "`heads` of Attention is how many are shown, 0 for their mean alone, or their "
                f"indices; those of layer {layer.path!r} are 0 to {count - 1}. "
                f"Received: {received}"
            )
        check_queries(layer, self.queries, received=received)
