# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""One compiled pass whose way back follows the rules of one explainer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, final

import keras
from typing_extensions import override

from tb_explain.probe.backends.seam import Edit, Forwarded, Gradients, Program
from tb_explain.probe.needs import Tensor
from tb_explain.probe.program import ExplainProgram
from tb_explain.probe.rules.data_flow import Step
from tb_explain.probe.rules.trace import Rule, RuleTrace
from tb_explain.probe.run_model import call_model
from tb_explain.probe.scores.frozen import FrozenScorers
from tb_explain.probe.scores.head import Head, HeadScores
from tb_explain.probe.scores.outputs import OutputInfo, read
from tb_explain.probe.scores.score import CallableScorer, Scene, Scored, scorers_used
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.layouts import to_grid
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call, Tap

REFERENCE = "reference"  # Name of the picture of comparison among the arrays beside the samples.


@final
@dataclass(frozen=True, eq=False)
class WayBack:
    """What came back to the samples, for one target.

    Attributes:
        samples: The explained input, shape `(samples, rows, cols, channels)`.
        found: What the rules sent back to it, of the same shape.
        reference: The picture of comparison, of the same shape, or `None` without one.
        scores: Score of the target, shape `(samples,)`.
        reference_scores: Its score for the reference, or `None` without one.
    """

    samples: Tensor
    found: Tensor
    reference: Tensor | None
    scores: Tensor
    reference_scores: Tensor | None


class RuleMethod(Protocol):
    """A way back."""

    def rule(self, step: Step) -> Rule | None:
        """Returns what stands in for a step, or `None` to leave it its gradient.

        Raises:
            ValueError: If there is no rule for it.
        """
        ...

    def seed(self, scores: Tensor, ops: Any) -> Tensor:
        """Returns `scores`, with what is to be sent back from them in place of 1."""
        ...

    def maps(self, way: WayBack, ops: Any) -> Mapping[str, Tensor]:
        """Returns `"map"`, and figures of shape `(samples,)`."""
        ...


@final
@dataclass(frozen=True, eq=False)
class RuleProgram(Program):
    """One pass over one batch.

    Attributes:
        base: The pass without rules, with the model, its outputs and its targets.
        method: The explainer.
        rules: Each step that a rule stands in for.
    """

    base: ExplainProgram
    method: RuleMethod
    rules: Sequence[tuple[Step, Rule]]

    @property
    @override
    def model(self) -> Layer:
        return self.base.model

    @property
    @override
    def explained(self) -> int:
        return self.base.explained

    @property
    @override
    def gradient_layers(self) -> tuple[str, ...]:
        return ()

    @property
    @override
    def input_gradient(self) -> bool:
        return True

    @override
    def forward(
        self, leaves: Sequence[Tensor], aside: Mapping[str, Tensor], edit: Edit
    ) -> Forwarded:
        recorded, at_reference = None, None
        if REFERENCE in aside:
            changed = list(leaves)
            changed[self.explained] = aside[REFERENCE]
            trace = self._trace(changed, recording=True)
            at_reference = self._scene(changed, aside, trace)
            recorded = trace.recorded
        trace = self._trace(leaves, recording=False)
        trace.reference = recorded
        scene = self._scene(leaves, aside, trace)
        scored = [scorer(scene) for scorer in self.base.scorers]
        compared = [] if at_reference is None else self._compared(scene, at_reference)
        rest = [{"target": one.index, "region": one.region} for one in scored]
        return Forwarded({}, [one.score for one in scored], (rest, compared))

    @override
    def finish(
        self,
        leaves: Sequence[Tensor],
        aside: Mapping[str, Tensor],
        forwarded: Forwarded,
        gradients: Sequence[Gradients | None],
    ) -> Any:
        ops: Any = keras.ops
        rest, compared = forwarded.rest
        samples = self._grid(leaves[self.explained])
        reference = self._grid(aside[REFERENCE]) if REFERENCE in aside else None
        found: list[dict[str, Tensor]] = []
        for place, backward in enumerate(gradients):
            scores = ops.cast(forwarded.scores[place], "float32")
            came = samples if backward is None else self._grid(backward.input)
            at_reference = ops.cast(compared[place], "float32") if compared else None
            way = WayBack(samples, came, reference, scores, at_reference)
            arrays = dict(self.method.maps(way, ops))
            found.append({"arrays": arrays, "score": scores, **rest[place]})
        return found

    def _trace(self, leaves: Sequence[Tensor], *, recording: bool) -> RuleTrace:
        return RuleTrace(
            self.rules,
            heads_of(self.base),
            lambda scores: self.method.seed(scores, keras.ops),
            leaves[self.explained],
            recording=recording,
        )

    def _scene(
        self, leaves: Sequence[Tensor], aside: Mapping[str, Tensor], trace: RuleTrace
    ) -> Scene:
        model, layers = self.base.model, self.base.everything
        heads, kept = HeadScores(), _ExplainedOutputs(self.base.table)
        wanted = scorers_used(self.base.scorers)[1]
        with Tap(model, layers, tapped=(), watcher=kept.keep) as tap:
            use_float32(tap, model, layers)
            for head in heads_of(self.base):
                heads.watch(tap, head, layers[head.path])
            trace.install(tap, layers)
            with Tap(model, layers, tapped=wanted, watcher=kept.keep):
                output = call_model(model, self.base.inputs.pack(leaves))
        output = output if trace.recording else self._seeded(output)
        if not trace.recording:
            kept.outputs = {path: trace.seed(one) for path, one in kept.outputs.items()}
        used = outputs_used(self.base)
        readings = {info.position: read(info, output, heads, layers) for info in used}
        return Scene(output, readings, aside, kept.outputs, int(leaves[0].shape[0]))

    def _seeded(self, output: Any) -> Any:
        """Seeds the outputs that no head seeds."""
        flat = keras.tree.flatten(output)
        for info in self.base.outputs:
            if info.head is None or info.head.function is None:
                flat[info.position] = self.method.seed(flat[info.position], keras.ops)
        return keras.tree.pack_sequence_as(output, flat)

    def _compared(self, scene: Scene, at_reference: Scene) -> list[Tensor]:
        """Returns the scores of the reference, for the classes and regions of the samples."""
        frozen = FrozenScorers(self.base.scorers)
        found: list[Scored] = [scorer(scene) for scorer in frozen.moving]
        entries = [{"target": one.index, "places": one.places} for one in found]
        aside = {**scene.aside, **frozen.aside(entries)}
        held = replace(at_reference, aside=aside)
        return [scorer(held).score for scorer in frozen.scorers]

    def _grid(self, leaf: Tensor) -> Tensor:
        layout = "grid_channels_first" if self.base.channels_first else "grid"
        return to_grid(leaf, layout, self.base.table.input_grid, keras.ops)


@final
class _ExplainedOutputs:
    """Keeps what each layer returns at its explained call."""

    def __init__(self, table: LayerTable) -> None:
        self.outputs: dict[str, Tensor] = {}
        self._calls = {row.path: row.call for row in table.layers}

    def keep(self, call: Call) -> Any:
        """Keeps it and returns it."""
        if call.index == self._calls[call.path]:
            self.outputs[call.path] = call.output
        return call.output


def outputs_used(base: ExplainProgram) -> list[OutputInfo]:
    """Returns the outputs that the targets read; a function of the user may read all."""
    positions = scorers_used(base.scorers)[0]
    every = any(isinstance(scorer, CallableScorer) for scorer in base.scorers)
    return [info for info in base.outputs if every or info.position in positions]


def heads_of(base: ExplainProgram) -> list[Head]:
    """Returns where the outputs that the targets read become probabilities."""
    found = {info.head: None for info in outputs_used(base) if info.head is not None}
    return [head for head in found if head.function is not None]


def use_float32(tap: Tap, model: Layer, layers: Mapping[str, Layer]) -> None:
    """Lets layers compute in the type of their weights until the tap is left.

    Rules divide by small numbers, which half precision does not have.
    """
    for layer in (model, *layers.values()):
        policy: Any = getattr(layer, "_dtype_policy", None)
        if policy is None or policy.quantization_mode is not None:
            continue
        if policy.compute_dtype != policy.variable_dtype:
            tap.replace(layer, "_dtype_policy", keras.DTypePolicy(policy.variable_dtype))
