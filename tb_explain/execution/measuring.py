"""Measures the maps of a run, record by record."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.execution.memory import Memory
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics import (
    DEFAULTS,
    ChangeMetric,
    Localization,
    MapMetric,
    Metric,
    ModelMetric,
)
from tb_explain.metrics.base import covered_cells, defined
from tb_explain.metrics.maps import Maps, coverage

MEASURED_KINDS: Final = ("attribution", "attention")
_DIGITS: Final = 5

Problems = list[tuple[str, str]]
"""Title of a metric, and why it could not be measured."""


@final
class Measuring:
    """Measures the maps of a run, record by record; needs no model.

    Args:
        metrics: What to measure, or `None` for the default; those that ask the model are not
            measured here.
        masks: The object in each sample, `(samples, rows, cols)`, or `None`.
        memory: What is remembered of the run so far. It is updated.

    Raises:
        ValueError: If a metric that was asked for needs masks and there are none.
    """

    def __init__(
        self,
        metrics: Sequence[Metric] | None,
        masks: npt.NDArray[np.bool_] | None,
        memory: Memory,
    ) -> None:
        self._is_idle = metrics is not None and not metrics
        self._metrics = _chosen(metrics, has_masks=masks is not None)
        self._masks = masks
        self._memory = memory
        self._coverage: dict[tuple[int, ...], Floats] = {}
        self._compares = any(isinstance(metric, ChangeMetric) for metric in self._metrics)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is measured, here or by asking the model."""
        return self._is_idle

    def measured(
        self, tag: str, explanation: Explanation, step: int
    ) -> tuple[Explanation, Problems]:
        """Returns an explanation with its figures, and which metrics failed.

        Args:
            tag: Tag under which it is recorded.
            explanation: Maps; those that show no sample come back as they are.
            step: Step of the record.
        """
        if explanation.kind not in MEASURED_KINDS or not self._metrics:
            return explanation, []
        figures: dict[str, Floats] = {}
        problems: Problems = []
        maps = Maps.of(explanation)
        for metric in self._metrics:
            figure = self._attempt(metric, tag, maps)
            if isinstance(figure, Exception):
                problems.append((metric.title, f"{type(figure).__name__}: {figure}"))
            else:
                figures[metric.name] = _rounded(figure)
        if self._compares:
            is_control = step == 0 and not self._memory.starts_trained
            self._memory.remember(tag, maps, is_control=is_control)
        facts = {metric.name: metric.facts() for metric in self._metrics if metric.name in figures}
        facts |= explanation.facts.get("metrics", {})
        return (
            replace(
                explanation,
                figures={**figures, **explanation.figures},
                facts={**explanation.facts, "metrics": facts},
            ),
            problems,
        )

    def _attempt(self, metric: Metric, tag: str, maps: Maps) -> Floats | Exception:
        try:
            return self._figure(metric, tag, maps)
        except Exception as error:  # noqa: BLE001 - the maps are recorded whatever a metric does
            return error

    def _figure(self, metric: Metric, tag: str, maps: Maps) -> Floats:
        if isinstance(metric, MapMetric):
            return defined(metric.measure(maps), maps)
        if isinstance(metric, Localization):
            return defined(metric.measure(maps, self._covered(maps)), maps)
        if not isinstance(metric, ChangeMetric):
            raise TypeError(f"{metric!r} is of no kind that is measured at a record")
        remembered = self._memory.previous_maps
        if metric.against == "first":
            remembered = self._memory.first_maps
        earlier = remembered.get(tag)
        if earlier is None:
            return np.full(len(maps.values), np.nan, np.float32)
        return defined(metric.measure(maps, earlier), maps)

    def _covered(self, maps: Maps) -> Floats:
        grid = maps.values.shape[1:]
        if grid not in self._coverage and self._masks is not None:
            self._coverage[grid] = coverage(self._masks, *grid)
        return covered_cells(self._coverage[grid], maps)


def _chosen(metrics: Sequence[Metric] | None, *, has_masks: bool) -> tuple[Metric, ...]:
    """Returns what is measured without the model; of all defaults those that there are masks for.

    Raises:
        ValueError: If others were asked for that need masks, and there are none.
    """
    asked = DEFAULTS if metrics is None else tuple(metrics)
    free = tuple(each for each in asked if not isinstance(each, ModelMetric))
    if has_masks:
        return free
    needing = [each for each in free if isinstance(each, Localization)]
    optional = DEFAULTS if set(DEFAULTS) <= set(free) else ()
    for metric in needing:
        if metric not in optional:
            raise ValueError(
                "A metric of the object needs `masks`, the object in each sample. "
                f"Received: metrics with {metric!r}, and no masks"
            )
    return tuple(each for each in free if each not in needing)


def _rounded(figures: Floats) -> Floats:
    """Returns figures with the digits that a reader uses; all of them would double a header."""
    return np.array([f"{figure:.{_DIGITS}g}" for figure in figures.tolist()], np.float32)
