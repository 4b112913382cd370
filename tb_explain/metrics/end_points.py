"""Samples and their baselines, and what the model says of both."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.explainers.baselines import Baseline
from tb_explain.explainers.host_scores import hosted
from tb_explain.probe.needs import Tensor

if TYPE_CHECKING:
    from tb_explain.probe.queries.queries import Queries


@final
@dataclass(frozen=True, eq=False)
class EndPoints:
    """All samples, and what stands in for them.

    Attributes:
        baselines: The baseline of each sample, `(samples, rows, cols, channels)`.
        answers: What the model says of the samples, then of their baselines,
            `(2, targets, samples)`.
    """

    baselines: Tensor
    answers: npt.NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class KnownEndPoints:
    """End points that were asked about with the weights of now, for all maps and metrics."""

    _found: dict[tuple[Baseline, bool], EndPoints] = field(
        default_factory=dict[tuple[Baseline, bool], EndPoints]
    )

    def of(
        self, queries: "Queries", baseline: Baseline, *, probability: bool, ops: Any
    ) -> EndPoints:
        """Returns end points; asks the model, by two forward passes, for those that are new.

        Args:
            queries: Asks the model, and holds the samples; the same at each call.
            baseline: What stands in for samples.
            probability: Whether probabilities are wanted in place of scores.
            ops: `keras.ops`, or an object with the same functions.

        Raises:
            ValueError: If the baseline does not fit the samples.
        """
        key = (baseline, probability)
        if key not in self._found:
            baselines = baseline.of(queries.samples, ops)
            ask = queries.probabilities if probability else queries.scores
            answers = hosted(ask([queries.samples, baselines]), ops)
            self._found[key] = EndPoints(baselines, answers)
        return self._found[key]
