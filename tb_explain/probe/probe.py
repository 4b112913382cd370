# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Looks inside a model while it trains: one pass, traced once, shared by all explainers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats
from tb_explain.probe.backends.seam import active_backend
from tb_explain.probe.inputs import fixed_batch, read_inputs
from tb_explain.probe.memory_budget import MEMORY_BUDGET, batch_sizes
from tb_explain.probe.observation import Observation, observe
from tb_explain.probe.passes import Passes
from tb_explain.probe.program import ExplainProgram, Part
from tb_explain.probe.queries.channel_queries import ChannelQueries
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.queries.questions import Questions
from tb_explain.probe.rules.passes import RulePasses
from tb_explain.probe.run_model import build, cannot_take, checked_model, random_state_kept
from tb_explain.probe.scores.outputs import OutputInfo, read_outputs
from tb_explain.probe.scores.reach import with_target_before_neurons
from tb_explain.probe.scores.resolve import TargetResolver
from tb_explain.probe.scores.score import explained_output
from tb_explain.probe.structure.kernels import read_kernels
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.survey import survey_model
from tb_explain.probe.structure.tabulate import channels_first_input, tabulate
from tb_explain.probe.structure.walk import walk
from tb_explain.probe.structure.weights import KernelKind


@final
class Probe:
    """Sees what a model does with fixed samples, as often as asked, and changes nothing.

    The model is surveyed once with its first sample. `prepare` takes the formulas; the first
    `run` traces model, gradients and formulas as one function, which later runs reuse.

    Args:
        model: A Keras model. It is called with `training=False`, and its weights are read anew
            in every run.
        inputs: The samples: an array, or a list or dictionary of arrays for several inputs.
        labels: Index of the class of each sample, or of each place for a segmentation.
        targets: What to explain; a tuple holds several targets. Default `"label"`.
        explained_input: Name or position of the input to explain, default the first picture.
        memory_budget: Bytes that what all layers put out may take together; more samples than
            fit are explained in several batches.

    Raises:
        ValueError: If the samples, labels or targets do not fit the model.
        TypeError: If the model is none of Keras.
    """

    def __init__(
        self,
        model: Any,
        inputs: Any,
        *,
        labels: Any = None,
        targets: Any = ("label",),
        explained_input: str | int | None = None,
        memory_budget: int = MEMORY_BUDGET,
    ) -> None:
        self._model = checked_model(model)
        self._backend = active_backend()
        self._inputs = read_inputs(model, inputs, explained_input)
        self._survey(labels)
        self._sizes = batch_sizes(
            self._table,
            self._inputs.samples,
            budget=memory_budget,
            fixed=fixed_batch(self._model),
        )
        self._resolver = TargetResolver(self._table, self._outputs, self._inputs.samples, labels)
        self._targets = self._resolver.resolve(targets)
        self._scorers = tuple(scorer for _, scorer in self._targets)
        self._table = with_target_before_neurons(self._table, self._scorers)
        self._outputs = self._explained_first()
        self._label_indices = self._read_labels(labels)
        self._passes: Passes | None = None
        self._questions: Questions | None = None
        self._rules: RulePasses | None = None

    @property
    def layers(self) -> LayerTable:
        """The layers of the model in the order of execution."""
        return self._table

    @property
    def outputs(self) -> tuple[OutputInfo, ...]:
        """The outputs of the model and their tasks, the explained one first."""
        return self._outputs

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets."""
        return tuple(name for name, _ in self._targets)

    @property
    def batch_size(self) -> int:
        """Number of samples that one call of the traced function takes."""
        return self._sizes.shared

    @property
    def traces(self) -> int:
        """How often passes were traced since `prepare`; on PyTorch how often they ran."""
        return self._passes.traces if self._passes is not None else 0

    def prepare(self, parts: Sequence[Part]) -> None:
        """Sets the formulas of the pass; the next run traces them.

        Raises:
            ValueError: If a formula needs a layer that there is not or that does not run, or a
                gradient for one without rows and columns.
        """
        self._passes = Passes(parts, program=self._program(), backend=self._backend)

    def run(
        self,
        channels: Mapping[str, Sequence[int]] | None = None,
        only: Sequence[int] | None = None,
    ) -> Observation:
        """Explains all samples with the weights as they are now.

        Args:
            channels: Channels to show of each layer; the first ones where none are given.
            only: Positions of the formulas to run, default all; each choice is traced once.

        Raises:
            ValueError: If `prepare` was not called, or a layer could not be seen.
        """
        self._live_model()
        if self._passes is None:
            raise ValueError("A probe must be given its formulas by `prepare` before `run`.")
        chosen = self._passes.positions if only is None else tuple(only)
        results, failures = self._passes.run(
            chosen, batch=self._sizes.shared, aside=self._resolver.aside, channels=channels or {}
        )
        return observe(
            results,
            outputs=self._outputs,
            targets=self.targets,
            labels=self._label_indices,
            failures=failures,
        ).placed(chosen)

    def queries(self) -> Queries:
        """Returns what asks the model about changed samples, with the weights of now.

        What it asks is compiled once for all that this returns.
        """
        return Queries(self._asked())

    def channel_queries(self, layer: str, channels: Sequence[int]) -> ChannelQueries:
        """Returns what asks how strongly channels of a layer answer pictures, likewise."""
        found = self._table.find(layer, received=f"layer={layer!r}")
        return ChannelQueries(self._asked(), found, channels)

    @property
    def rules(self) -> RulePasses:
        """Passes whose way back follows the rules of an explainer, with the weights of now."""
        self._live_model()
        if self._rules is None:
            self._rules = RulePasses(
                program=self._program(),
                backend=self._backend,
                aside=self._resolver.aside,
                rows=self._sizes.rule,
                copies=fixed_batch(self._model) or 2,
            )
        return self._rules

    def weights(self) -> Iterator[tuple[str, KernelKind, Floats]]:
        """Yields path, kind and kernel of each layer with a kernel, in the order of execution."""
        self._live_model()
        return read_kernels((row.path, self._everything[row.path]) for row in self._table.layers)

    def trainable(self) -> dict[str, bool]:
        """Returns by path whether a layer that is called has weights that are trained now."""
        self._live_model()
        return {
            row.path: bool(getattr(self._everything[row.path], "trainable_weights", ()))
            for row in self._table.layers
            if row.order >= 0 and row.path in self._everything
        }

    def release(self) -> None:
        """Lets go of the model and of the traced function; the probe cannot run any more."""
        self._model = None
        self._everything = {}
        self._passes = None
        self._questions = None
        self._rules = None

    def _asked(self) -> Questions:
        self._live_model()
        if self._questions is None:
            self._questions = Questions(
                program=self._program(),
                backend=self._backend,
                aside=self._resolver.aside,
                rows=self._sizes.query,
            )
        return self._questions

    def _program(self) -> ExplainProgram:
        return ExplainProgram(
            model=self._live_model(),
            everything=self._everything,
            table=self._table,
            inputs=self._inputs,
            channels_first=self._channels_first,
            outputs=self._outputs,
            scorers=self._scorers,
            parts=[],
        )

    def _live_model(self) -> Any:
        if self._model is None:
            raise ValueError("This probe was released and has no model any more.")
        # While `fit` runs on JAX the weights live in its own state until they are asked for.
        synchronise = getattr(self._model, "jax_state_sync", None)
        if synchronise is not None:
            synchronise()
        return self._model

    def _survey(self, labels: Any) -> None:
        model = self._live_model()
        copies = fixed_batch(model) or 2
        with random_state_kept():
            build(model, self._inputs.pack(self._inputs.first(copies=copies)))
            self._everything = walk(model)
            try:
                survey = survey_model(
                    model,
                    self._everything,
                    inputs=self._inputs,
                    backend=self._backend,
                    copies=copies,
                )
            except (ValueError, TypeError) as error:
                shapes = ", ".join(str(leaf.shape) for leaf in self._inputs.leaves)
                raise cannot_take(model, shapes, error) from error
        self._outputs = read_outputs(model, self._everything, survey=survey, labels=labels)
        self._table = tabulate(
            model,
            self._everything,
            survey=survey,
            explained=self._inputs.explained,
            dense=bool(self._outputs) and len(self._outputs[0].places) > 1,
        )
        self._channels_first = channels_first_input(self._everything, survey)

    def _explained_first(self) -> tuple[OutputInfo, ...]:
        first = explained_output(self._scorers)
        return tuple(sorted(self._outputs, key=lambda info: info != first))

    def _read_labels(self, labels: Any) -> npt.NDArray[np.int32] | None:
        """Returns the labels that predictions are right or wrong by.

        Of several outputs only a target says which one the labels are for.
        """
        first = self._outputs[0] if self._outputs else None
        unclear = len(self._outputs) > 1 and not self._resolver.uses_labels
        if labels is None or first is None or first.task == "regression" or unclear:
            return None
        indices = self._resolver.label_indices(first)
        return indices if first.task != "segmentation" else None
