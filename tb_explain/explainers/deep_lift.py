# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""DeepLIFT with the rescale rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.completeness import Complete, score_above
from tb_explain.explainers.integrated_gradients import relative_gap
from tb_explain.explainers.rule_explainer import Rule, RuleExplainer, Step, WayBack, no_rule
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.rules.trace import StepUse
from tb_explain.probe.structure.layer_table import LayerTable

_NEAR = 1e-6  # A smaller difference is too much rounding to divide by; the derivative stands in.
_KNOWN = (
    "convolutions, dense layers, batch normalisation, pooling, element-wise activations, sums, "
    "products of two and what only moves values"
)


@final
@dataclass(frozen=True)
class Rescale:
    """The difference of the output over that of the input stands in for the derivative."""

    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns what the element-wise function puts out."""
        (values,), (reference,) = use.given, _reference(use)
        output = use.function(values)
        near, way = _way(values, reference, ops)
        slope = ops.stop_gradient((output - use.function(reference)) / way)
        rescaled = ops.stop_gradient(output) + slope * (values - ops.stop_gradient(values))
        return ops.where(near, output, rescaled)


@final
@dataclass(frozen=True)
class RescaleLargest:
    """Shares the difference of two largest values among the places where they are found.

    With the largest values `y` of the sample and `b` of the reference, the place of `y` gets
    `max(y, b) - b` and that of `b` gets `y - max(y, b)`, as in the implementation of SHAP.
    """

    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns the largest values."""
        (values,), (reference,) = use.given, _reference(use)
        stop = ops.stop_gradient
        output, compared = stop(use.function(stop(values))), stop(use.function(reference))
        near, way = _way(values, reference, ops)
        share = (values - stop(values)) / stop(way)
        share = ops.where(near, ops.zeros_like(share), share)
        larger = ops.maximum(output, compared)
        own = use.function(stop(values) + share) * (larger - compared)
        other = use.function(stop(reference) + share) * (output - larger)
        return output + (own + other - stop(own + other))


@final
@dataclass(frozen=True)
class HalfEach:
    """Each factor of a product gets its difference times the mean of the other.

    These are the Shapley values of two factors, as in the implementation of SHAP.
    """

    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns the product."""
        (first, second), (one, other) = use.given, _reference(use)
        stop = ops.stop_gradient
        by_first = (first - stop(first)) * stop(second + other) / 2
        by_second = (second - stop(second)) * stop(first + one) / 2
        return stop(use.function(first, second)) + by_first + by_second


@final
@dataclass(frozen=True)
class DeepLIFT(RuleExplainer, Complete):
    """What each pixel adds to the score, compared with a baseline.

    Each element-wise activation `y = f(z)` sends back the multiplier
    `m_z = m_y (f(z) - f(z_b)) / (z - z_b)`, where `z_b` is what it sees for the baseline `b`; its
    derivative where both are equal. Max pooling, and products of two as in squeeze and excite,
    are complete too, by the rules of SHAP. All other layers are linear and send back their
    gradient. The map is `sum_c((x_c - b_c) m_c)` over the
    channels. It is signed, and its sum is `S(x) - S(b)`; the figure `completeness` of each map is
    `|sum - (S(x) - S(b))| / |S(x) - S(b)|`.

    Args:
        baseline: A number, `Blurred()`, or a picture, in the unit of the model's input.

    References:
        Shrikumar et al., 2017, https://arxiv.org/abs/1704.02685
        Lundberg and Lee, 2017, https://arxiv.org/abs/1705.07874
    """

    title: ClassVar[str] = "DeepLIFT"
    paper: ClassVar[str] = "https://arxiv.org/abs/1704.02685"
    signed: ClassVar[bool] = True

    baseline: AnyBaseline = 0.0

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_baseline(self.baseline, layers.input_grid, received=repr(self))

    @override
    def rule(self, step: Step) -> Rule | None:
        if step.kind == "elementwise":
            return Rescale()
        if step.kind == "largest":
            return RescaleLargest()
        if step.kind == "product":
            return HalfEach()
        if step.kind == "other":
            raise no_rule(self, step, known=_KNOWN)
        return None

    @override
    def check_rules(self, rules: Iterable[Rule]) -> None:
        """A model without activations is linear, and has its gradient."""

    @override
    def seed(self, scores: Tensor, ops: Any) -> Tensor:
        return scores

    @override
    def reference(self, samples: Tensor, ops: Any) -> Tensor | None:
        return baseline_of(self, samples, ops)

    @override
    def maps(self, way: WayBack, ops: Any) -> Mapping[str, Tensor]:
        maps = ops.sum((way.samples - way.reference) * way.found, axis=-1, keepdims=True)
        difference = way.scores - way.reference_scores
        gap = relative_gap(ops.sum(maps, axis=(1, 2, 3)), difference, ops)
        return {"map": maps, "completeness": gap}

    @override
    def whole(self, queries: Queries, ops: Any) -> Tensor:
        return score_above(baseline_of(self, queries.samples, ops), queries)

    @override
    def facts(self, rules: Mapping[str, str]) -> Mapping[str, Any]:
        return {"rules": dict(rules)}


def _reference(use: StepUse) -> tuple[Tensor, ...]:
    if use.reference is None:
        raise ValueError(f"Nothing was seen of the baseline at layer {use.step.path!r}.")
    return use.reference


def _way(values: Tensor, reference: Tensor, ops: Any) -> tuple[Tensor, Tensor]:
    """Returns where a sample is as good as its reference, and the difference elsewhere, else 1."""
    difference = ops.stop_gradient(values - reference)
    near = ops.abs(difference) < _NEAR
    return near, ops.where(near, ops.ones_like(difference), difference)
