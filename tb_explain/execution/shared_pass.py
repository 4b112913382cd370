"""All explainers of a run on one pass of the model."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, final

from tb_explain.execution.feature_runner import FeatureRunner
from tb_explain.execution.kernel_reader import KernelReader
from tb_explain.execution.memory import Kernel, Memory
from tb_explain.execution.model_measuring import Judged, ModelMeasuring, Problem
from tb_explain.execution.query_runner import QueryRunner
from tb_explain.execution.representation import Pooled, Representations
from tb_explain.execution.result import Result, attempt, with_layer
from tb_explain.execution.rule_runner import RuleRunner
from tb_explain.execution.statistics import Statistics, tabulated
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.activations import Activations
from tb_explain.explainers.base import Explainer, Frame, PassExplainer, resolved
from tb_explain.explanation import Explanation
from tb_explain.metrics import ModelMetric

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
        problems: What could not be measured by asking the model.
        measuring: Seconds that each metric took that asks the model, by its title.
    """

    results: tuple[Result, ...]
    statistics: Statistics
    predictions: "Predictions"
    notes: tuple[str, ...]
    problems: Sequence[Problem] = ()
    measuring: Mapping[str, float] = field(default_factory=dict[str, float])


@final
class SharedPass:
    """Runs explainers together: one compiled pass for all, and the kernels read once.

    Args:
        probe: Sees inside the model.
        explainers: What to explain, as the user asked for it.
        memory: What was remembered of the run so far, default nothing. It is updated.
        metrics: What to measure of the maps by asking the model.

    Raises:
        ValueError: If an explainer or a metric makes no sense for the model.
    """

    def __init__(
        self,
        probe: "Probe",
        explainers: Sequence[Explainer],
        memory: Memory | None = None,
        metrics: Sequence[ModelMetric] = (),
    ) -> None:
        self._probe = probe
        self._memory = Memory() if memory is None else memory
        self._measuring = ModelMeasuring(probe, metrics, explainers)
        self._cadences = _cadences(explainers) | self._measuring.cadences
        self._parts = _parts(probe, explainers)
        self._kernels = KernelReader(probe, explainers, self._memory)
        self._queries = QueryRunner(probe, explainers)
        self._rules = RuleRunner(probe, explainers)
        self._features = FeatureRunner(probe, explainers, self._memory)
        self._counts = self._channel_counts()
        self._channels = self._remembered_channels()
        looked_at = _looked_at(self._parts)
        self._representations = Representations(probe.layers, looked_at.values(), self._memory)
        probe.prepare([part.explainer for part in self._parts])

    def run(self) -> Explained:
        """Explains all samples with the weights of now."""
        return self.begin()()

    def begin(self, *, is_first: bool = False) -> Callable[[], Explained]:
        """Runs the pass and copies the kernels, with the weights of now.

        Args:
            is_first: Whether this is where a training begins, with which later records are
                compared.

        Returns:
            What is left to do. It needs the model no more, so another thread can do it while the
            training goes on; of several runs in their order.
        """
        due = self._memory.next_turn(self._cadences)
        only = [index for index, part in enumerate(self._parts) if part.asked.every in due]
        start = time.perf_counter()
        observation = self._probe.run(self._shown_channels(), only)
        if len(self._channels) < len(self._counts) and self._choose(observation):
            observation = self._probe.run(self._shown_channels(), only)
        elapsed = time.perf_counter() - start
        asked = [
            *self._queries.run(observation.predictions, due),
            *self._rules.run(due),
            *self._features.run(due),
        ]
        judge = partial(self._judged, observation, elapsed, asked, due)
        finish = partial(
            self._finish, due, observation, kernels=self._kernels.read(), is_first=is_first
        )
        if not self._measuring.is_idle:  # The model has to be asked before its weights change.
            judged = judge()
            return partial(finish, judge=lambda: judged)
        return partial(finish, judge=judge)

    def _finish(
        self,
        due: frozenset[int],
        observation: "Observation",
        *,
        kernels: list[Kernel],
        is_first: bool,
        judge: Callable[[], Judged],
    ) -> Explained:
        judged = judge()
        read = self._kernels.run(kernels, is_first=is_first)
        weighed = [result for result in read if result.explainer.every in due]
        explanations = [result.explanation for result in judged.results]
        found = [explanation for explanation in explanations if explanation is not None]
        sources = [(one.layer or "", one.statistics) for one in found if one.statistics]
        likeness = self._representations.compare(self._pooled(observation), is_first=is_first)
        sources += [*likeness.figures, *self._kernels.figures]
        shown = [result for result in judged.results if not _has_figures_alone(result)]
        return Explained(
            (*shown, *weighed),
            tabulated(self._probe.layers, sources, likeness.between),
            observation.predictions,
            observation.notes,
            judged.problems,
            judged.seconds,
        )

    def _judged(
        self,
        observation: "Observation",
        elapsed: float,
        asked: list[Result],
        due: frozenset[int],
    ) -> Judged:
        """Returns what the explainers of the pass made and `asked`, measured."""
        shares = self._shares(observation)
        passed = [
            result
            for index in {*observation.arrays, *observation.failures}
            for result in self._results_of(index, observation, elapsed * shares[index])
        ]
        return self._measuring.judged([*passed, *asked], due)

    def _pooled(self, observation: "Observation") -> Pooled:
        """Returns the outputs of layers that were looked at now, as means over places."""
        looked_at = _looked_at(self._parts)
        return {
            layer: observation.arrays[index][0]["mean"]
            for index, layer in reversed(looked_at.items())
            if observation.arrays.get(index)
        }

    def _shares(self, observation: "Observation") -> dict[int, float]:
        """Returns the share of each part in the time of the pass."""
        whole = sum(self._parts[index].share for index in observation.arrays) or 1.0
        return {index: self._parts[index].share / whole for index in observation.arrays}

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

    def _choose(self, observation: "Observation") -> bool:
        """Chooses channels of layers that have none yet, and returns whether there were any."""
        known = len(self._channels)
        for index, arrays in observation.arrays.items():
            if index in observation.failures:
                continue
            for layer, chosen in self._parts[index].explainer.choose(arrays[0]).items():
                if len(chosen) == self._counts[layer]:
                    self._channels.setdefault(layer, chosen)
        self._memory.channels.update(self._channels)
        return len(self._channels) > known

    def _results_of(self, index: int, observation: "Observation", elapsed: float) -> list[Result]:
        part = self._parts[index]
        targets = observation.predictions.targets
        names: Sequence[str | None] = targets if part.per_target else [None]
        return [
            attempt(
                part.asked,
                name,
                make=partial(self._explain, index, observation, place),
                seconds=elapsed / len(names),
            )
            for place, name in enumerate(names)
        ]

    def _explain(self, index: int, observation: "Observation", place: int) -> Explanation:
        failure = observation.failures.get(index)
        if failure is not None:
            raise failure
        part = self._parts[index]
        arrays = observation.arrays[index][place]
        predictions = observation.predictions
        nothing = (None,) * predictions.samples
        targets, scores = predictions.of_target(place) if part.per_target else (nothing, nothing)
        frame = Frame(
            self._probe.layers, predictions.samples, targets, scores, self._shown_channels()
        )
        return part.explainer.explanation(arrays, frame)


def _cadences(explainers: Sequence[Explainer]) -> frozenset[int]:
    for explainer in explainers:
        _check_settings(explainer)
        if explainer.every < 1:
            raise ValueError(
                "An explainer is recorded at every record (every=1), or less often (every=5). "
                f"Received: {explainer!r}"
            )
    return frozenset(explainer.every for explainer in explainers)


def _check_settings(explainer: Explainer) -> None:
    """Checks that an explainer is a value, of which two can be told apart."""
    try:
        hash(explainer)
    except TypeError as error:
        raise ValueError(
            "Several values of a setting are a tuple, such as (0, 1), no list. "
            f"Received: {explainer!r}"
        ) from error


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
            key = (tag_of(named, None), replace(one, every=1))
            parts.setdefault(key, _Part(one, named, per_target, share))
    return list(parts.values())


def _looked_at(parts: Sequence[_Part]) -> dict[int, str]:
    """Returns the layers whose whole output is looked at, by position of the part that does."""
    explainers = [(index, part.explainer) for index, part in enumerate(parts)]
    return {index: resolved(one.layer) for index, one in explainers if isinstance(one, Activations)}


def _has_figures_alone(result: Result) -> bool:
    return result.explanation is not None and len(result.explanation.values) == 0
