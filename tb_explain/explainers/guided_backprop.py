# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Guided backpropagation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.rule_explainer import Rule, RuleExplainer, Step, WayBack, no_rule
from tb_explain.probe.needs import Tensor
from tb_explain.probe.rules.trace import StepUse
from tb_explain.probe.structure.layer_table import LayerTable

_RELUS = ("relu", "relu6")
# Layers without a ReLU of their own inside, of which no other explainer by rules knows more.
_WITHOUT_RELU = frozenset(
    (
        "AdditiveAttention",
        "Attention",
        "Divide",
        "Dot",
        "GroupedQueryAttention",
        "GroupNormalization",
        "GroupQueryAttention",
        "LayerNormalization",
        "Matmul",
        "MultiHeadAttention",
        "RMSNormalization",
        "Softmax",
        "TrueDivide",
        "UnitNormalization",
    )
)


@final
@dataclass(frozen=True)
class Guided:
    """Sends back through a ReLU only what is positive, and only where the ReLU was on."""

    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns what the ReLU puts out."""

        @ops.custom_gradient
        def relu(values: Tensor) -> Any:
            output = use.function(values)

            def gradient(*arguments: Tensor, upstream: Tensor | None = None) -> Tensor:
                sent = arguments[0] if upstream is None else upstream
                on = ops.logical_and(values > 0, ops.equal(output, values))
                return ops.where(on, ops.relu(sent), ops.zeros_like(sent))

            return output, gradient

        return relu(use.given[0])


@final
@dataclass(frozen=True)
class GuidedBackprop(RuleExplainer):
    """The gradient of the score for the input, without what is negative at any ReLU.

    On the way back a ReLU `y = max(z, 0)` sends `dS/dz = 1[z > 0] max(dS/dy, 0)`; with a largest
    value, where it is reached nothing. All else has its gradient. The map is the largest
    magnitude over the channels of the input, `max_c(|g_c|)`. Maps look sharp and hardly depend
    on what the model has learned, which the legend says; a model without ReLU is refused.

    References:
        Springenberg et al., 2015, https://arxiv.org/abs/1412.6806
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
    """

    title: ClassVar[str] = "Guided backpropagation"
    paper: ClassVar[str] = "https://arxiv.org/abs/1412.6806"
    signed: ClassVar[bool] = False

    @override
    def check(self, layers: LayerTable) -> None:
        """There is nothing to check."""

    @override
    def rule(self, step: Step) -> Rule | None:
        if step.kind == "elementwise":
            return Guided() if step.function in _RELUS else None
        if step.kind == "other" and (step.inside or step.type not in _WITHOUT_RELU):
            raise no_rule(self, step, known="layers of Keras in which no ReLU can be hidden")
        return None

    @override
    def check_rules(self, rules: Iterable[Rule]) -> None:
        if not list(rules):
            raise ValueError(
                "Guided backpropagation changes the way back through ReLUs, and there is none "
                "between samples and score; Saliency shows the gradient itself. "
                f"Received: {self!r}"
            )

    @override
    def seed(self, scores: Tensor, ops: Any) -> Tensor:
        return scores

    @override
    def reference(self, samples: Tensor, ops: Any) -> Tensor | None:
        return None

    @override
    def maps(self, way: WayBack, ops: Any) -> Mapping[str, Tensor]:
        return {"map": ops.max(ops.abs(way.found), axis=-1, keepdims=True)}

    @override
    def facts(self, rules: Mapping[str, str]) -> Mapping[str, Any]:
        caution = (
            "Guided backpropagation fails sanity checks: its maps hardly depend on the weights "
            "of the model (Adebayo et al., 2018)."
        )
        return {"caution": caution, "rules": dict(rules)}
