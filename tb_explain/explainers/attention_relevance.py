"""Relevance of tokens: attention of all layers, weighted by its gradient."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

from typing_extensions import Self, override

from tb_explain.explainers.attention_queries import Query, check_queries
from tb_explain.explainers.attention_stream import first_row, on_patches, one_stream
from tb_explain.explainers.base import AttributionExplainer
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class AttentionRelevance(AttributionExplainer):
    """How relevant each patch is for the score, through the attention of all layers.

    With the attention `A_l` of layer `l` and the gradient `dS/dA_l` of the score `S` for it,
    `R_0 = I` and `R_l = R_{l-1} + mean_heads((dS/dA_l * A_l)^+) R_{l-1}`. The map is one row of
    `R_L`, without what is there for tokens that are no patches. All layers have to attend over
    the same tokens.

    Args:
        layers: Paths of the attention layers; nothing takes all of the model.
        query: Whose row: `"class"` token, `"mean"` of all rows, or the row and column of a patch.
            `None` is the class token, the first of the tokens that stand before the patches, or
            without any the mean.

    References:
        Chefer et al., 2021, https://arxiv.org/abs/2103.15679
    """

    title: ClassVar[str] = "Transformer relevance"
    paper: ClassVar[str] = "https://arxiv.org/abs/2103.15679"
    signed: ClassVar[bool] = False

    layers: tuple[str, ...] = ()
    query: Query | None = None

    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        found = one_stream(layers, self.layers, name="AttentionRelevance", received=repr(self))
        check_queries(found[-1], self._queries(), received=repr(self))
        return (replace(self, layers=tuple(layer.path for layer in found)),)

    @override
    def needs(self, layers: LayerTable) -> Needs:
        return Needs(attention=self.layers, attention_gradients=self.layers)

    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        last = seen.info(self.layers[-1])
        row = first_row(seen, last, self._queries(), ops)
        for path in reversed(self.layers):  # A row times a matrix is cheaper than two matrices.
            weighted = seen.attention_gradient(path) * seen.attention(path)
            mean = ops.mean(ops.relu(weighted), axis=1)
            row = row + ops.einsum("nq,nqk->nk", row, mean)
        return {"map": on_patches(row, last, ops)["map"]}

    @property
    def explained_layer(self) -> str | None:
        return None

    @property
    def largest_recorded(self) -> int | None:
        return None

    def _queries(self) -> tuple[Query, ...]:
        return () if self.query is None else (self.query,)
