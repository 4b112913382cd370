# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Explainers that ask the model by themselves, one after the other."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, final

import keras
import numpy as np

from tb_explain.execution.result import Result, attempt, with_layer
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.base import Arrays, Explainer, QueryExplainer
from tb_explain.explanation import Explanation

if TYPE_CHECKING:
    from tb_explain.probe.observation import Predictions
    from tb_explain.probe.probe import Probe

_MAP = "map"


@final
@dataclass(frozen=True, eq=False)
class _Part:
    explainer: QueryExplainer
    asked: Explainer


@final
class QueryRunner:
    """Runs the explainers that ask the model about changed samples.

    Args:
        probe: Asks the model.
        explainers: What to explain, as the user asked for it; those of other kinds are left out.

    Raises:
        ValueError: If an explainer makes no sense for the model.
    """

    def __init__(self, probe: "Probe", explainers: Sequence[Explainer]) -> None:
        self._probe = probe
        parts = [
            _Part(one, with_layer(asked, one))
            for asked in explainers
            if isinstance(asked, QueryExplainer)
            for one in asked.resolve(probe.layers)
        ]
        self._parts = list({tag_of(part.asked, None): part for part in parts}.values())

    def run(self, predictions: "Predictions", due: Collection[int]) -> list[Result]:
        """Explains all samples with the weights of now; one result per explainer and target.

        Args:
            predictions: What the model predicts for the samples.
            due: Values of `every` whose turn it is.
        """
        return [
            result
            for part in self._parts
            if part.asked.every in due
            for result in self._results(part, predictions)
        ]

    def _results(self, part: _Part, predictions: "Predictions") -> list[Result]:
        start = time.perf_counter()
        arrays: Mapping[str, Any] = {}
        facts: dict[str, Any] = {}
        failure: Exception | None = None
        try:
            queries = self._probe.queries()
            found = part.explainer.maps(queries, keras.ops)
            arrays = {name: keras.ops.convert_to_numpy(value) for name, value in found.items()}
            facts = {"forwards": queries.forwards, "backwards": queries.backwards}
            reason = self._probe.layers.reason_for(part.explainer.explained_layer)
            if reason is not None:
                facts["reason"] = reason
        except Exception as error:  # noqa: BLE001 - one failing explainer leaves the others alone
            failure = error
        seconds = (time.perf_counter() - start) / len(predictions.targets)
        return [
            attempt(
                part.asked,
                name,
                make=partial(_explanation, part.explainer, place, predictions, arrays, facts)
                if failure is None
                else partial(_raise, failure),
                seconds=seconds,
            )
            for place, name in enumerate(predictions.targets)
        ]


def _raise(failure: Exception) -> Explanation:
    raise failure


def _explanation(
    explainer: QueryExplainer,
    place: int,
    predictions: "Predictions",
    arrays: Arrays,
    facts: Mapping[str, Any],
) -> Explanation:
    values = np.asarray(arrays[_MAP][place], np.float32)
    targets, scores = predictions.of_target(place)
    return Explanation(
        values=values,
        kind=explainer.kind,
        layer=explainer.explained_layer,
        signed=explainer.signed,
        samples=tuple(range(len(values))),
        targets=targets,
        scores=scores,
        figures={
            name: np.asarray(array[place], np.float32)
            for name, array in arrays.items()
            if name != _MAP
        },
        facts=dict(facts),
        recorded_size=explainer.largest_recorded,
    )
