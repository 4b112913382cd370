"""Attention rollout: attention of all layers, multiplied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np
from typing_extensions import Self, override

from tb_explain.explainers.attention_queries import (
    Query,
    check_queries,
    queries_of,
    query_figures,
)
from tb_explain.explainers.attention_stream import first_row, on_patches, one_stream
from tb_explain.explainers.base import Arrays, Frame, PassExplainer
from tb_explain.explanation import Explanation, Kind
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class AttentionRollout(PassExplainer):
    """From which patches a token gathers what it holds behind the last layer.

    With the attention `A_l` of layer `l`, each row of `A^_l = mean_heads(A_l) / 2 + I / 2` is
    divided by its sum, the identity standing for the residual connection. The map is one row of
    `R = A^_L ... A^_1`; the figures `elsewhere` and `query` are those of `Attention`. All layers
    have to attend over the same tokens. It is the same for all targets.

    Args:
        layers: Paths of the attention layers; nothing takes all of the model.
        query: Whose row: `"class"` token, `"mean"` of all rows, or the row and column of a patch.
            `None` is the class token, the first of the tokens that stand before the patches, or
            without any the mean.

    References:
        Abnar and Zuidema, 2020, https://arxiv.org/abs/2005.00928
    """

    kind: ClassVar[Kind] = "attention"
    title: ClassVar[str] = "Attention rollout"
    paper: ClassVar[str] = "https://arxiv.org/abs/2005.00928"

    layers: tuple[str, ...] = ()
    query: Query | None = None

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        found = one_stream(layers, self.layers, name="AttentionRollout", received=repr(self))
        check_queries(found[-1], self._queries(), received=repr(self))
        return (replace(self, layers=tuple(layer.path for layer in found)),)

    @override
    def needs(self, layers: LayerTable) -> Needs:
        return Needs(attention=self.layers)

    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        last = seen.info(self.layers[-1])
        row = first_row(seen, last, self._queries(), ops)
        for path in reversed(self.layers):  # A row times a matrix is cheaper than two matrices.
            attention = ops.mean(seen.attention(path), axis=1)
            row = row / (ops.sum(attention, axis=-1) + 1)
            row = row + ops.einsum("nq,nqk->nk", row, attention)
        return on_patches(row, last, ops)

    def explanation(self, arrays: Arrays, frame: Frame) -> Explanation:
        last = frame.layers.find_attention(self.layers[-1], received=repr(self))
        queries = query_figures(last, queries_of(last, self._queries()))
        return Explanation(
            values=np.asarray(arrays["map"], np.float32),
            kind=self.kind,
            samples=tuple(range(frame.samples)),
            figures={
                "query": np.full(frame.samples, queries[0], np.float32),
                "elsewhere": np.asarray(arrays["elsewhere"], np.float32),
            },
        )

    @override
    def choose(self, arrays: Arrays) -> Mapping[str, tuple[int, ...]]:
        return {}

    def _queries(self) -> tuple[Query, ...]:
        return () if self.query is None else (self.query,)
