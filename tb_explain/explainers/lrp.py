# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Layer-wise relevance propagation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.completeness import Complete
from tb_explain.explainers.lrp_rules import Box, Epsilon, Gamma, LinearRule, PassOn, carried
from tb_explain.explainers.rule_explainer import Rule, RuleExplainer, Step, WayBack, no_rule
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

_EPSILON = Epsilon()
_GAMMA = Gamma()
_KNOWN = (
    "convolutions, dense layers, batch normalisation, pooling, element-wise activations, sums "
    "and what only moves values"
)


@final
@dataclass(frozen=True)
class LRP(RuleExplainer, Complete):
    """The score, handed back layer by layer until it lies on the pixels.

    A score is its own relevance. Each linear layer hands the relevance of what it puts out to
    what it was given, by the rule of its kind. Activations pass it on, max pooling hands it to
    the largest, sums and average pooling divide it by what each brings (`Epsilon`). Batch
    normalisation right behind a linear layer is folded into it; elsewhere it is an affine layer
    by `Epsilon`. Rescaling and normalisation of the samples pass relevance on. The map is the
    sum over the channels of the input; it is signed. The figure `kept` of each map is its sum
    over the score: what biases and epsilon did not absorb.

    The defaults are a composite as the reference below proposes: the gamma rule for
    convolutions, the epsilon rule for dense layers; for samples of known limits, such as 0 to
    255, `first=Box(0, 255)` is the rule made for pixels.

    Args:
        dense: Rule of dense layers.
        convolution: Rule of convolutions.
        first: Rule of the layers that see the samples themselves, or `None` for that of their
            kind.

    References:
        Bach et al., 2015, https://doi.org/10.1371/journal.pone.0130140
        Montavon et al., 2019, https://doi.org/10.1007/978-3-030-28954-6_10
    """

    title: ClassVar[str] = "LRP"
    paper: ClassVar[str] = "https://doi.org/10.1371/journal.pone.0130140"
    signed: ClassVar[bool] = True

    dense: LinearRule = _EPSILON
    convolution: LinearRule = _GAMMA
    first: LinearRule | None = None

    @override
    def check(self, layers: LayerTable) -> None:
        for name in ("dense", "convolution", "first"):
            rule = getattr(self, name)
            if rule is None and name == "first":
                continue
            if not isinstance(rule, LinearRule):
                raise ValueError(
                    "A rule of LRP is Epsilon(), Gamma(), AlphaBeta() or Box(low, high). "
                    f"Received: {name}={rule!r}"
                )
            wrong = rule.check()
            if wrong is not None:
                raise ValueError(f"{wrong}. Received: {name}={rule!r}")
            if isinstance(rule, Box) and name != "first":
                raise ValueError(
                    "Box is a rule of the layers that see the samples; set first=Box(low, high). "
                    f"Received: {name}={rule!r}"
                )

    @override
    def rule(self, step: Step) -> Rule | None:
        if step.kind == "linear":
            return self._linear_rule(step)
        if step.normed or step.kind == "elementwise":
            return PassOn()
        if step.kind == "affine":
            return PassOn() if step.raw else _EPSILON
        if step.kind in ("product", "other"):
            raise no_rule(self, step, known=_KNOWN)
        return None

    @override
    def check_rules(self, rules: Iterable[Rule]) -> None:
        if self.first is not None and self.first not in list(rules):
            raise ValueError(
                "A rule of the first layer needs a convolution or dense layer that sees the "
                f"samples, and there is none. Received: first={self.first!r}"
            )

    @override
    def seed(self, scores: Tensor, ops: Any) -> Tensor:
        return carried(scores, ops)

    @override
    def reference(self, samples: Tensor, ops: Any) -> Tensor | None:
        return None

    @override
    def maps(self, way: WayBack, ops: Any) -> Mapping[str, Tensor]:
        maps = ops.sum(way.found, axis=-1, keepdims=True)
        return {"map": maps, "kept": ops.sum(maps, axis=(1, 2, 3)) / way.scores}

    @override
    def whole(self, queries: Queries, ops: Any) -> Tensor:
        (scores,) = queries.scores([queries.samples])
        return scores

    @override
    def facts(self, rules: Mapping[str, str]) -> Mapping[str, Any]:
        return {"rules": dict(rules)}

    def _linear_rule(self, step: Step) -> LinearRule:
        if self.first is not None and step.before is not None:
            return self.first
        return self.convolution if "Conv" in step.type else self.dense
