# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Puts rules for the way back into the layers of a model while it is traced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.rules.data_flow import Step
from tb_explain.probe.rules.linear import LinearMap, linear_maps, normalised
from tb_explain.probe.scores.head import Head
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Tap

Key = tuple[str, bool, int]  # Path, whether the activation inside, and which use of it.
Seed = Callable[[Tensor], Tensor]


@final
@dataclass(frozen=True, eq=False)
class StepUse:
    """One use of a step in a trace, for a rule to stand in for.

    Attributes:
        step: The step.
        given: The tensors that it was given.
        function: What it computes of them, the activation inside of a layer left out.
        reference: The tensors that it was given in the pass of the reference, if there is one.
        linear: The linear map that a layer with a kernel is, with the normalisation behind it
            folded in; `None` for other kinds. A separable convolution is two uses.
        stage: Which of the linear maps of the layer this is.
        limits: Returns the least and the largest values that it can be given, of the shape of
            `given[0]`, for those of a raw step made of the samples' own.
    """

    step: Step
    given: tuple[Tensor, ...]
    function: Callable[..., Tensor]
    reference: tuple[Tensor, ...] | None
    linear: LinearMap | None
    stage: int
    limits: Callable[[float, float], tuple[Tensor, Tensor]]


Rule = Callable[[StepUse, Any], Tensor]  # Of a use, and of `keras.ops`.


@final
@dataclass(eq=False)
class RuleTrace:
    """The rules of one trace.

    Attributes:
        rules: Each step that a rule stands in for.
        heads: Where scores become probabilities.
        seed: Sees the scores before they become probabilities, and returns what takes their
            place.
        samples: The explained input.
        reference: What each step was given in the pass of the reference, or `None` without one.
        recording: Whether this is the pass of the reference; nothing is replaced then.
    """

    rules: Sequence[tuple[Step, Rule]]
    heads: Sequence[Head]
    seed: Seed
    samples: Tensor
    reference: Mapping[Key, tuple[Tensor, ...]] | None = None
    recording: bool = False
    recorded: dict[Key, tuple[Tensor, ...]] = field(default_factory=dict[Key, tuple[Tensor, ...]])
    _counts: dict[tuple[str, bool], int] = field(default_factory=dict[tuple[str, bool], int])
    _plain: dict[str, Callable[..., Any]] = field(default_factory=dict[str, Callable[..., Any]])

    def install(self, tap: Tap, layers: Mapping[str, Layer]) -> None:
        """Stands in for layers and their activations until the tap is left."""
        self._plain = {step.path: step.layer.call for step, _ in self.rules if not step.inside}
        for step, _ in self.rules:
            for path in step.before or ():
                self._plain.setdefault(path, layers[path].call)
        if not self.recording:
            for head in self.heads:
                self._seed(tap, head, layers[head.path])
        for step, rule in self.rules:
            if step.inside and not isinstance(step.layer.activation, keras.layers.Layer):
                tap.replace(step.layer, "activation", self._activation(step, rule))
            elif step.inside:
                inner = step.layer.activation
                tap.replace(inner, "call", self._activation(step, rule, function=inner.call))
        for step, rule in self.rules:
            if not step.inside:
                tap.replace(step.layer, "call", self._call(step, rule))

    def _seed(self, tap: Tap, head: Head, layer: Layer) -> None:
        name = "activation" if head.inside else "call"
        original, counted = getattr(layer, name), [0]

        def function(scores: Tensor, *rest: Any, **named: Any) -> Tensor:
            counted[0] += 1
            own = counted[0] - 1 == head.index
            return original(self.seed(scores) if own else scores, *rest, **named)

        tap.replace(layer, name, function)

    def _activation(
        self, step: Step, rule: Rule, *, function: Callable[..., Tensor] | None = None
    ) -> Callable[..., Tensor]:
        original = step.layer.activation if function is None else function

        def activation(values: Tensor) -> Tensor:
            return self._use(step, rule, (values,), original)

        return activation

    def _call(self, step: Step, rule: Rule) -> Callable[..., Any]:
        original = step.layer.call

        def call(*arguments: Any, **named: Any) -> Any:
            flat = keras.tree.flatten((arguments, named))
            places = [place for place, one in enumerate(flat) if _is_float(one)]

            def function(*given: Tensor) -> Any:
                filled = dict(zip(places, given, strict=True))
                every = [filled.get(place, one) for place, one in enumerate(flat)]
                ordered, by_name = keras.tree.pack_sequence_as((arguments, named), every)
                return original(*ordered, **by_name)

            given = tuple(flat[place] for place in places)
            if step.kind == "linear" and not self.recording:
                return self._linear(step, rule, given)
            return self._use(step, rule, given, function)

        return call

    def _linear(self, step: Step, rule: Rule, given: tuple[Tensor, ...]) -> Tensor:
        plain = linear_maps(step.layer, step.type)
        folded = plain
        if step.norm is not None:
            folded = (*plain[:-1], normalised(plain[-1], step.type, step.norm))
        values = given
        for stage, (own, normed) in enumerate(zip(plain, folded, strict=True)):
            values = (self._use(step, rule, values, own, normed, stage),)
        activation = step.layer.activation
        return values[0] if activation is None else activation(values[0])

    def _use(
        self,
        step: Step,
        rule: Rule,
        given: tuple[Tensor, ...],
        function: Callable[..., Tensor],
        linear: LinearMap | None = None,
        stage: int = 0,
    ) -> Tensor:
        count = self._counts.get((step.path, step.inside), 0)
        self._counts[step.path, step.inside] = count + 1
        key = (step.path, step.inside, count)
        if self.recording:
            self.recorded[key] = given
            return function(*given)
        reference = None if self.reference is None else self.reference[key]

        def limits(low: float, high: float) -> tuple[Tensor, Tensor]:
            return self._limits(step, low, high)

        return rule(StepUse(step, given, function, reference, linear, stage, limits), keras.ops)

    def _limits(self, step: Step, low: float, high: float) -> tuple[Tensor, Tensor]:
        ops: Any = keras.ops
        ends = [ops.full_like(self.samples, low), ops.full_like(self.samples, high)]
        for path in step.before or ():
            ends = [self._plain[path](end) for end in ends]
            ends = [ops.minimum(*ends), ops.maximum(*ends)]
        return ends[0], ends[1]


def _is_float(one: Any) -> bool:
    return keras.ops.is_tensor(one) and keras.backend.is_float_dtype(
        keras.backend.standardize_dtype(one.dtype)
    )
