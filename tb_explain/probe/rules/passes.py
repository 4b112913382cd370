# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Passes by rules: proven to see all, compiled once for each explainer, run on all samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, final

import keras
import numpy as np
import numpy.typing as npt

from tb_explain.probe.backends.seam import Backend, Pass
from tb_explain.probe.inputs import Array
from tb_explain.probe.needs import Tensor
from tb_explain.probe.observation import gather
from tb_explain.probe.program import ExplainProgram
from tb_explain.probe.rules.data_flow import DataFlow, Step, find_steps
from tb_explain.probe.rules.program import (
    REFERENCE,
    RuleMethod,
    RuleProgram,
    heads_of,
    outputs_used,
    use_float32,
)
from tb_explain.probe.rules.trace import Rule
from tb_explain.probe.run_model import random_state_kept
from tb_explain.probe.scores.score import Scorer, scorers_used
from tb_explain.probe.structure.layouts import to_grid
from tb_explain.probe.structure.survey import survey_model
from tb_explain.probe.tap import Call, Tap

_RESHAPED_INPUTS = ("_convert_inputs_to_tensors", "_adjust_input_rank")


class ReferredMethod(RuleMethod, Protocol):
    """A way back that may compare with a picture of reference."""

    def reference(self, samples: Tensor, ops: Any) -> Tensor | None:
        """Returns what the samples are compared with, of their shape, or `None`.

        Args:
            samples: The explained input, shape `(samples, rows, cols, channels)`.
            ops: `keras.ops`.
        """
        ...


@final
@dataclass(frozen=True, eq=False)
class _Prepared:
    rules: tuple[tuple[Step, Rule], ...]
    compiled: Pass
    aside: Mapping[str, Array]


@final
@dataclass(eq=False)
class RulePasses:
    """Runs ways back by rules, with the weights of now.

    Attributes:
        program: A pass without formulas, with the scorers of all targets.
        backend: Compiles passes.
        aside: Indices of the samples that the scorers read.
        rows: Samples that one pass takes.
        copies: Samples of the pass that tells how the data flow.
    """

    program: ExplainProgram
    backend: Backend
    aside: Mapping[str, Array]
    rows: int
    copies: int
    _prepared: dict[ReferredMethod, _Prepared] = field(
        default_factory=dict[ReferredMethod, _Prepared]
    )
    _at_changed: dict[ReferredMethod, Pass] = field(default_factory=dict[ReferredMethod, Pass])

    def prepare(self, methods: Sequence[ReferredMethod]) -> None:
        """Finds the rules of each new method for each step; a later run traces them.

        Raises:
            ValueError: If a method has no rule for a step, or a step is out of sight.
        """
        new = [method for method in methods if method not in self._prepared]
        if not new:
            return
        flow = self._flow()
        for method in new:
            steps = find_steps(flow, self._ends(flow), heads=self._heads(), received=repr(method))
            pairs = [(step, method.rule(step)) for step in steps]
            rules = tuple((step, rule) for step, rule in pairs if rule is not None)
            program = RuleProgram(self.program, method, rules)
            leaf = self.program.inputs.leaves[self.program.inputs.explained]
            aside = {**self.aside, **self._reference(method, leaf)}
            self._prepared[method] = _Prepared(rules, self.backend.compile(program), aside)

    def rules(self, method: ReferredMethod) -> tuple[tuple[Step, Rule], ...]:
        """Returns the steps that a prepared method has rules for, and the rules."""
        return self._prepared[method].rules

    def run_at(
        self, method: ReferredMethod, changed: Tensor, scorers: Sequence[Scorer], aside: Any
    ) -> list[Tensor]:
        """Returns the maps of changed samples, for each target, of a prepared method.

        Args:
            method: The method.
            changed: The explained input, `(samples, rows, cols, channels)`.
            scorers: One per target, whose classes and regions don't change with the samples.
            aside: What these read.
        """
        leaf = self._native(changed)
        base = self.program
        leaves = list(base.inputs.leaves)
        leaves[base.inputs.explained] = leaf
        if method not in self._at_changed:
            program = RuleProgram(replace(base, scorers=scorers), method, self.rules(method))
            self._at_changed[method] = self.backend.compile(program)
        beside = {name: np.asarray(keras.ops.convert_to_numpy(one)) for name, one in aside.items()}
        beside |= self._reference(method, leaf)
        with random_state_kept():
            batches = replace(base.inputs, leaves=tuple(leaves)).batches(self.rows, beside)
            compiled = self._at_changed[method]
            results = [(compiled(one.leaves, one.aside), one.used) for one in batches]
        return [found["arrays"]["map"] for found in gather(results)]

    def run(self, method: ReferredMethod) -> list[dict[str, Any]]:
        """Returns arrays of all samples, for each target, of a prepared method.

        Each entry holds `"arrays"` as the method made them, `"score"`, `"target"` and `"region"`.
        """
        prepared = self._prepared[method]
        with random_state_kept():
            batches = self.program.inputs.batches(self.rows, prepared.aside)
            results = [(prepared.compiled(one.leaves, one.aside), one.used) for one in batches]
        return gather(results)

    def _flow(self) -> DataFlow:
        """Runs the first samples, and sees what was made of what."""
        program = self.program
        aliases: dict[int, Tensor] = {}
        kept: list[Tensor] = []
        with (
            random_state_kept(),
            Tap(program.model, program.everything, tapped=(), watcher=_as_it_is) as tap,
        ):
            use_float32(tap, program.model, program.everything)
            for layer in (program.model, *program.everything.values()):
                for graph in (layer, getattr(layer, "_functional", None)):
                    for name in _RESHAPED_INPUTS:
                        if graph is not None and hasattr(graph, name):
                            original = getattr(graph, name)
                            tap.replace(graph, name, _followed(original, aliases, kept))
            survey = survey_model(
                program.model,
                program.everything,
                inputs=program.inputs,
                backend=self.backend,
                copies=self.copies,
            )
        return DataFlow(program.everything, survey, program.explained, aliases)

    def _ends(self, flow: DataFlow) -> list[Tensor]:
        outputs = keras.tree.flatten(flow.survey.output)
        paths = scorers_used(self.program.scorers)[1]
        first = {call.path: call for call in flow.survey.calls if call.index == 0}
        ends = [outputs[info.position] for info in outputs_used(self.program)]
        return ends + [first[path].output for path in paths if path in first]

    def _heads(self) -> set[tuple[str, int]]:
        return {(head.path, head.index) for head in heads_of(self.program)}

    def _reference(self, method: ReferredMethod, leaf: Array) -> dict[str, npt.NDArray[np.float32]]:
        """Returns the picture of comparison in the shape that the model takes."""
        ops: Any = keras.ops
        program = self.program
        layout = "grid_channels_first" if program.channels_first else "grid"
        samples = to_grid(ops.convert_to_tensor(leaf), layout, program.table.input_grid, ops)
        reference = method.reference(samples, ops)
        return {} if reference is None else {REFERENCE: self._native(reference)}

    def _native(self, pictures: Tensor) -> Array:
        """Returns pictures in the shape of the explained input."""
        leaf = self.program.inputs.leaves[self.program.explained]
        array: Any = np.asarray(keras.ops.convert_to_numpy(pictures), np.float32)
        if self.program.channels_first and array.ndim == leaf.ndim:
            array = np.moveaxis(array, -1, 1)
        return np.ascontiguousarray(array.reshape(leaf.shape))


def _as_it_is(call: Call) -> Any:
    return call.output


def _followed(
    original: Callable[[list[Any]], list[Any]], aliases: dict[int, Tensor], kept: list[Tensor]
) -> Callable[[list[Any]], list[Any]]:
    """Returns a function of tensors that notes which of its results is which of them."""

    def function(given: list[Any]) -> list[Any]:
        found = original(given)
        for before, after in zip(given, found, strict=True):
            if after is not before:
                aliases[id(after)] = aliases.get(id(before), before)
                kept.append(after)
        return found

    return function
