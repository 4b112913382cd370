"""The kind of explainer that goes back through a model by rules of its own."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

from typing_extensions import Self

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.input_check import check_explains_input
from tb_explain.explanation import Kind
from tb_explain.probe.needs import Tensor
from tb_explain.probe.rules.data_flow import Step
from tb_explain.probe.rules.program import WayBack
from tb_explain.probe.rules.trace import Rule
from tb_explain.probe.structure.layer_table import LayerTable

__all__ = ["Rule", "RuleExplainer", "Step", "WayBack"]


@dataclass(frozen=True)
class RuleExplainer(Explainer):
    """A map of the input, made by rules that stand in for gradients on the way back.

    It has a pass of its own. Before the first one it is proven that every computation between
    samples and score is that of a layer, or of an operation in the graph of a model; a rule or
    a refusal answers each. Layers of mixed precision compute in `float32` meanwhile.

    Args:
        recorded_size: Largest side of a recorded map, in cells; larger maps are pooled to it by
            area mean when they are recorded. `None` records every pixel.
    """

    kind: ClassVar[Kind] = "attribution"
    signed: ClassVar[bool]

    recorded_size: int | None = field(default=56, kw_only=True)

    @abstractmethod
    def check(self, layers: LayerTable) -> None:
        """Checks the settings.

        Raises:
            ValueError: If one makes no sense, for the model or at all.
        """

    @abstractmethod
    def rule(self, step: Step) -> Rule | None:
        """Returns what stands in for a step, or `None` to leave it its gradient.

        Raises:
            ValueError: If there is no rule for it.
        """

    @abstractmethod
    def seed(self, scores: Tensor, ops: Any) -> Tensor:
        """Returns `scores`, with what is to be sent back from them in place of 1."""

    @abstractmethod
    def reference(self, samples: Tensor, ops: Any) -> Tensor | None:
        """Returns what the samples are compared with, of their shape, or `None`."""

    @abstractmethod
    def maps(self, way: WayBack, ops: Any) -> Mapping[str, Tensor]:
        """Returns `{"map": tensor}` of shape `(samples, rows, cols, channels)`; traced.

        Any further entry, of shape `(samples,)`, is a figure of each map.

        Args:
            way: What came back, for one target.
            ops: `keras.ops`.
        """

    @abstractmethod
    def facts(self, rules: Mapping[str, str]) -> Mapping[str, Any]:
        """Returns what a legend has to say.

        Args:
            rules: Name of the rule of each type of layer or function that has one.
        """

    @abstractmethod
    def check_rules(self, rules: Iterable[Rule]) -> None:
        """Checks the rules that were found for a model, all together.

        Raises:
            ValueError: If the explainer makes no sense with them.
        """

    @final
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_explains_input(self, layers, recorded_size=self.recorded_size)
        layers.check_input_gradient(received=repr(self))
        self.check(layers)
        return (self,)


def no_rule(explainer: Explainer, step: Step, *, known: str) -> ValueError:
    """Returns the error of a step that an explainer has no rule for.

    Args:
        explainer: The explainer.
        step: The step.
        known: What it has rules for, as the subject of "are known".
    """
    what = _described(step)
    return ValueError(
        f"{type(explainer).__name__} has no rule for {what}; {known} are known. Use an explainer "
        f"without rules, such as InputXGradient or IntegratedGradients. Received: {explainer!r}"
    )


def _described(step: Step) -> str:
    if step.inside:
        activation: Any = step.layer.activation
        name = getattr(activation, "__name__", type(activation).__name__)
        return f"the activation {name!r} of layer {step.path!r}"
    if getattr(step.layer, "quantization_mode", None) is not None:
        return f"layer {step.path!r}, which is quantised"
    return f"layer {step.path!r} of type {step.type}"
