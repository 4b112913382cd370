"""The passes that explainers share: one choice of formulas is one compiled function."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.probe.backends.seam import Backend, Pass
from tb_explain.probe.inputs import Array
from tb_explain.probe.needs import Needs
from tb_explain.probe.observation import gather
from tb_explain.probe.program import ExplainProgram, Part
from tb_explain.probe.run_model import random_state_kept
from tb_explain.probe.scores.reach import check_feeds
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.view import CHANNELS


@final
class Passes:
    """Compiled passes over all samples, traced when they first run.

    Args:
        parts: The formulas.
        program: A pass without formulas.
        backend: Compiles passes.

    Raises:
        ValueError: If a formula needs a layer that there is not or that does not run, or a
            gradient for one without rows and columns.
    """

    def __init__(self, parts: Sequence[Part], *, program: ExplainProgram, backend: Backend) -> None:
        self._program = program
        self._backend = backend
        self._parts = [(part, part.needs(program.table)) for part in parts]
        self._compiled: dict[tuple[int, ...], tuple[ExplainProgram, Pass]] = {}
        for _, needs in self._parts:
            _check_seen(program, needs)

    @property
    def traces(self) -> int:
        """How often passes were traced; on PyTorch how often they ran."""
        return sum(program.traces for program, _ in self._compiled.values())

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of all formulas."""
        return tuple(range(len(self._parts)))

    def run(
        self,
        chosen: tuple[int, ...],
        *,
        batch: int,
        aside: Mapping[str, Array],
        channels: Mapping[str, Sequence[int]],
    ) -> tuple[Any, Mapping[int, Exception]]:
        """Runs a pass with the weights as they are now.

        Args:
            chosen: Positions of the formulas to run.
            batch: Samples per call of the compiled function.
            aside: Indices of the samples that the scorers read.
            channels: Channels to show of each layer; the first ones where none are given.

        Returns:
            Results of all samples, and what formulas raised by their place among `chosen`.
        """
        if chosen not in self._compiled:
            parts = [self._parts[index] for index in chosen]
            program = replace(self._program, parts=parts, traces=0, failures={})
            self._compiled[chosen] = (program, self._backend.compile(program))
        program, compiled = self._compiled[chosen]
        shown = _channels(program, channels)
        with random_state_kept():
            results = [
                (compiled(cut.leaves, {**cut.aside, **shown}), cut.used)
                for cut in program.inputs.batches(batch, aside)
            ]
        return gather(results), program.failures


def _check_seen(program: ExplainProgram, needs: Needs) -> None:
    table = program.table
    for path in (*needs.activations, *needs.gradients, *needs.channels):
        _check_called(table, path)
    for path in needs.gradients:
        check_feeds(table.find_grid(path, received=f"layer={path!r}"), program.scorers)
    for path in (*needs.attention, *needs.attention_gradients):
        table.find_attention(path, received=f"layer={path!r}")


def _check_called(table: LayerTable, path: str) -> None:
    if table.find(path, received=f"layer={path!r}").order < 0:
        raise ValueError(
            f"The model does not call layer {path!r} for these samples; name one that it calls. "
            f"Received: layer={path!r}"
        )


def _channels(
    program: ExplainProgram, channels: Mapping[str, Sequence[int]]
) -> dict[str, npt.NDArray[np.int32]]:
    counts: dict[str, int] = {}
    for _, needs in program.parts:
        for path, count in needs.channels.items():
            counts[path] = max(count, counts.get(path, 0))
    return {
        CHANNELS + path: np.asarray(channels.get(path, range(count)), np.int32)
        for path, count in counts.items()
    }
