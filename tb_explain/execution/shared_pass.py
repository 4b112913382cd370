"""All explainers of a run on one pass of the model."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, final

import numpy as np

from tb_explain.execution.kernel_reader import KernelReader
from tb_explain.execution.memory import Kernel, Memory
from tb_explain.execution.result import Result, attempt, with_layer
from tb_explain.execution.statistics import Statistics, tabulated
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.base import Explainer, Frame, PassExplainer
from tb_explain.explanation import Explanation

if TYPE_CHECKING:
    from tb_explain.probe.observation import Observation, Predictions
    from tb_explain.probe.probe import Probe

__all__ = ["Memory", "Result", "SharedPass"]


@final
@dataclass(frozen=True, eq=False)
class _Part:
    """A resolved explainer in the pass, how it was asked for, and its share of the time."""

    explainer: PassExplainer
    asked: Explainer
    per_target: bool
    share: float


@final
@dataclass(frozen=True, eq=False)
class Explained:
    """What one run of a shared pass made.

    The seconds of a result are those that its explainer took on the host, and an equal part of
    the pass: each explainer that was asked for has the same share, which its layers and targets
    divide among them.

    Attributes:
        results: One per explainer, layer and target, without those that have figures alone. An
            explainer that failed has its error there; the others are not touched.
        statistics: The figures of all layers.
        predictions: What the model predicts.
        notes: Sentences on what could not be explained.
    """

    results: tuple[Result, ...]
    statistics: Statistics
    predictions: "Predictions"
    notes: tuple[str, ...]


@final
class SharedPass:
    """Runs explainers together: one compiled pass for all, and the kernels read once.

    Args:
        probe: Sees inside the model.
        explainers: What to explain, as the user asked for it.
        memory: What was remembered of the run so far, default nothing. It is updated.

    Raises:
        ValueError: If an explainer makes no sense for the model.
    """

    def __init__(
        self, probe: "Probe", explainers: Sequence[Explainer], memory: Memory | None = None
    ) -> None:
        self._probe = probe
        self._memory = Memory() if memory is None else memory
        self._parts = _parts(probe, explainers)
        self._kernels = KernelReader(probe, explainers, self._memory)
        self._counts = self._channel_counts()
        self._channels = self._remembered_channels()
        probe.prepare([part.explainer for part in self._parts])

    def run(self) -> Explained:
        """Explains all samples with the weights of now."""
        return self.begin()()

    def begin(self) -> Callable[[], Explained]:
        """Runs the pass and copies the kernels, with the weights of now.

        Returns:
            What is left to do. It needs the model no more, so another thread can do it while the
            training goes on; of several runs in their order.
        """
        start = time.perf_counter()
        observation = self._probe.run(self._shown_channels())
        if len(self._channels) < len(self._counts):
            self._choose(observation)
            observation = self._probe.run(self._shown_channels())
        elapsed = time.perf_counter() - start
        return partial(self._finish, observation, elapsed, self._kernels.read())

    def _finish(
        self, observation: "Observation", elapsed: float, kernels: list[Kernel]
    ) -> Explained:
        results = [
            result
            for index in range(len(self._parts))
            for result in self._results_of(index, observation, elapsed)
        ]
        weighed = self._kernels.run(kernels)
        found = [result.explanation for result in results if result.explanation is not None]
        sources = [(one.layer or "", one.statistics) for one in found if one.statistics]
        shown = [result for result in results if not _has_figures_alone(result)]
        return Explained(
            (*shown, *weighed),
            tabulated(self._probe.layers, [*sources, *self._kernels.figures]),
            observation.predictions,
            observation.notes,
        )

    def _channel_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for part in self._parts:
            for layer, count in part.explainer.needs(self._probe.layers).channels.items():
                counts[layer] = max(count, counts.get(layer, 0))
        return counts

    def _remembered_channels(self) -> dict[str, tuple[int, ...]]:
        grids = {layer.path: layer.grid for layer in self._probe.layers.layers}
        available = {path: grid[2] for path, grid in grids.items() if grid is not None}
        return self._memory.chosen_channels(self._counts, available)

    def _shown_channels(self) -> dict[str, tuple[int, ...]]:
        first = {layer: tuple(range(count)) for layer, count in self._counts.items()}
        return first | self._channels

    def _choose(self, observation: "Observation") -> None:
        for index, part in enumerate(self._parts):
            if index in observation.failures:
                continue
            for layer, chosen in part.explainer.choose(observation.arrays[index][0]).items():
                if len(chosen) == self._counts[layer]:
                    self._channels.setdefault(layer, chosen)
        self._channels = self._shown_channels()
        self._memory.channels.update(self._channels)

    def _results_of(self, index: int, observation: "Observation", elapsed: float) -> list[Result]:
        part = self._parts[index]
        targets = observation.predictions.targets
        names: Sequence[str | None] = targets if part.per_target else [None]
        return [
            attempt(
                part.asked,
                name,
                make=partial(self._explain, index, observation, place),
                seconds=elapsed * part.share / len(names),
            )
            for place, name in enumerate(names)
        ]

    def _explain(self, index: int, observation: "Observation", place: int) -> Explanation:
        failure = observation.failures.get(index)
        if failure is not None:
            raise failure
        part = self._parts[index]
        arrays = observation.arrays[index][place]
        frame = _frame(observation.predictions.arrays, place if part.per_target else None)
        return part.explainer.explanation(
            arrays, Frame(self._probe.layers, *frame, channels=self._shown_channels())
        )


def _parts(probe: "Probe", explainers: Sequence[Explainer]) -> list[_Part]:
    passing = [asked for asked in explainers if isinstance(asked, PassExplainer)]
    parts: dict[tuple[str, Explainer], _Part] = {}
    for asked in passing:
        found = asked.resolve(probe.layers)
        share = 1 / len(passing) / len(found)
        for one in found:
            per_target = one.needs(probe.layers).per_target
            named = with_layer(asked, one)
            # Two ways to ask for the same maps, such as GradCAM() and the layer that it chooses.
            key = (tag_of(named, None), one)
            parts.setdefault(key, _Part(one, named, per_target, share))
    return list(parts.values())


def _frame(
    predictions: Mapping[str, Any], place: int | None
) -> tuple[int, tuple[int | None, ...], tuple[float | None, ...]]:
    samples = len(predictions["predicted"])
    if place is None:
        return samples, (None,) * samples, (None,) * samples
    targets = [int(index) for index in predictions["target"][place]]
    scores = [float(score) for score in predictions["score"][place]]
    return (
        samples,
        tuple(None if index < 0 else index for index in targets),
        tuple(score if np.isfinite(score) else None for score in scores),
    )


def _has_figures_alone(result: Result) -> bool:
    return result.explanation is not None and len(result.explanation.values) == 0
