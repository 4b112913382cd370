"""Measures maps by asking the model, before its weights change."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, final

import keras
import numpy as np
import numpy.typing as npt

from tb_explain.execution.explaining_anew import explains_anew
from tb_explain.execution.result import Result
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.base import Explainer
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.end_points import KnownEndPoints
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.model_metric import ModelMetric, check_every, explains_targets

if TYPE_CHECKING:
    from tb_explain.probe.probe import Probe
    from tb_explain.probe.queries.queries import Queries

_DIGITS: Final = 5

Problem = tuple[str, str, str]
"""Title of a metric, tag of the maps, and why it could not be measured."""


@final
@dataclass(frozen=True, eq=False)
class Judged:
    """What asking the model said of the maps of a record.

    Attributes:
        results: The results, in their order, with their figures.
        problems: What could not be measured.
        seconds: Time that each metric took, by title.
    """

    results: list[Result]
    problems: list[Problem] = field(default_factory=list[Problem])
    seconds: dict[str, float] = field(default_factory=dict[str, float])


@final
class ModelMeasuring:
    """Measures the maps of targets by asking the model.

    Args:
        probe: Asks the model.
        metrics: What to measure.
        explainers: What makes the maps, as the user asked for it.

    Raises:
        ValueError: If a metric makes no sense for the model, or for none of the explainers.
    """

    def __init__(
        self, probe: "Probe", metrics: Sequence[ModelMetric], explainers: Sequence[Explainer]
    ) -> None:
        self._probe = probe
        self._metrics = tuple(metrics)
        for metric in metrics:
            check_metric(metric, probe)
            _check_fits_any(metric, explainers)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is measured."""
        return not self._metrics

    @property
    def cadences(self) -> frozenset[int]:
        """Of how many records one is measured."""
        return frozenset(metric.every for metric in self._metrics)

    def judged(self, results: Sequence[Result], due: Collection[int]) -> Judged:
        """Returns results with the figures of the metrics whose turn it is.

        A record says of all metrics how they are read, also of those whose turn it is not.

        Args:
            results: What explainers made with the weights of now.
            due: Values of `every` whose turn it is.
        """
        found = Judged([])
        queries: Queries | None = None
        known = KnownEndPoints()
        for result in results:
            metrics = [each for each in self._metrics if _fits(each, result)]
            turn = [each for each in metrics if each.every in due]
            if turn and queries is None:
                queries = self._probe.queries()
            figures = {} if queries is None else self._figures(turn, result, queries, known, found)
            failed = {each.name for each in turn} - figures.keys()
            described = [each for each in metrics if each.name not in failed]
            found.results.append(_with_figures(result, described, figures))
        return found

    def _figures(
        self,
        metrics: Sequence[ModelMetric],
        result: Result,
        queries: "Queries",
        known: KnownEndPoints,
        found: Judged,
    ) -> dict[str, Floats]:
        figures: dict[str, Floats] = {}
        if not metrics or result.explanation is None or result.target is None:
            return figures
        place = self._probe.targets.index(result.target)
        model = explained_model(
            self._probe,
            queries,
            result.explanation,
            explainer=result.explainer,
            place=place,
            known=known,
        )
        for metric in metrics:
            start = time.perf_counter()
            try:
                figures[metric.name] = measured(metric, model)
            except Exception as error:  # noqa: BLE001 - the maps are recorded whatever a metric does
                tag = tag_of(result.explainer, result.target)
                found.problems.append((metric.title, tag, f"{type(error).__name__}: {error}"))
            seconds = time.perf_counter() - start
            found.seconds[metric.title] = found.seconds.get(metric.title, 0.0) + seconds
        return figures


def check_metric(metric: ModelMetric, probe: "Probe") -> None:
    """Checks that a metric makes sense for a model.

    Raises:
        ValueError: If not.
    """
    check_every(metric)
    if probe.layers.input_grid is None:
        raise ValueError(
            f"{type(metric).__name__} changes an input with rows and columns, and the explained "
            f"input of model {probe.layers.model!r} has none. Received: {metric!r}"
        )
    metric.check(probe.layers)


def explained_model(
    probe: "Probe",
    queries: "Queries",
    explanation: Explanation,
    *,
    explainer: Explainer | None,
    place: int,
    known: KnownEndPoints | None = None,
) -> ExplainedModel:
    """Returns what a metric may ask.

    Args:
        probe: Sees inside the model.
        queries: Asks the model, with the weights that made the maps.
        explanation: One map of each sample.
        explainer: What made them, or `None`.
        place: Which of the targets they are of.
        known: What was asked for other maps of these samples, with the same weights.
    """
    resolved = None
    if explainer is not None:
        (resolved,) = explainer.resolve(probe.layers)
    anew = explains_anew(probe, queries, resolved, place=place)
    return ExplainedModel(
        queries.model, explanation, resolved, queries, place, anew, known or KnownEndPoints()
    )


def measured(metric: ModelMetric, model: ExplainedModel) -> Floats:
    """Returns the figures of a metric with the digits that a reader uses.

    Raises:
        ValueError: If it has another number of figures than there are maps.
    """
    figures: npt.NDArray[Any] = np.asarray(metric.measure(model, keras.ops), np.float64)
    if figures.shape != model.finite.shape:
        raise ValueError(
            f"A metric has one figure for each of {len(model.finite)} maps. "
            f"Received: figures of shape {figures.shape}"
        )
    kept = np.where(model.finite & np.isfinite(figures), figures, np.nan)
    with np.errstate(over="ignore"):
        return kept.astype(np.float32)


def _fits(metric: ModelMetric, result: Result) -> bool:
    is_of_target = result.target is not None and explains_targets(result.explainer)
    return is_of_target and metric.misfit(result.explainer) is None


def _check_fits_any(metric: ModelMetric, explainers: Sequence[Explainer]) -> None:
    explaining = [each for each in explainers if explains_targets(each)]
    if not explaining:
        raise ValueError(
            f"{type(metric).__name__} measures maps of a target, such as those of tbx.GradCAM(). "
            f"Received: explainers={list(explainers)!r}"
        )
    misfits = [metric.misfit(each) for each in explaining]
    if None not in misfits:
        raise ValueError(f"{misfits[0]}. Received: explainers={list(explainers)!r}")


def _with_figures(
    result: Result, metrics: Sequence[ModelMetric], figures: dict[str, Floats]
) -> Result:
    explanation = result.explanation
    if explanation is None or not metrics:
        return result
    rounded = {name: _rounded(figure) for name, figure in figures.items()}
    facts = {metric.name: {**metric.facts(), "every": metric.every} for metric in metrics}
    return replace(
        result,
        explanation=replace(
            explanation,
            figures={**explanation.figures, **rounded},
            facts={**explanation.facts, "metrics": facts},
        ),
    )


def _rounded(figures: Floats) -> Floats:
    """Returns figures with few digits; all of them would double a header."""
    return np.array([f"{figure:.{_DIGITS}g}" for figure in figures.tolist()], np.float32)
