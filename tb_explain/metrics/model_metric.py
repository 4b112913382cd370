"""The kind of metric that asks the model whether its maps are right."""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, final

import numpy.typing as npt

from tb_explain.explainers.base import (
    AttributionExplainer,
    Explainer,
    QueryExplainer,
)
from tb_explain.explainers.rule_explainer import RuleExplainer
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.base import Measured, Metric
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.probe.memory_budget import MEMORY_BUDGET
from tb_explain.probe.structure.layer_table import LayerTable

_EXPLAIN_TARGETS = (AttributionExplainer, QueryExplainer, RuleExplainer)


@dataclass(frozen=True)
class ModelMetric(Metric):
    """A metric that asks the model, with the weights that made the maps.

    It runs on the thread that trains, before the weights change, for maps of a target alone:
    `Activations`, `Attention` and what reads weights have none and are passed over. Whatever it
    asks leaves weights, statistics and random seeds as they were; a metric that changes weights
    to ask its question puts them back, also where it fails.

    Args:
        every: Of how many records one is measured: 1 for each, 5 for the first and then every
            fifth. Maps that are not recorded are not measured either.
    """

    every: int = field(default=1, kw_only=True)

    @abstractmethod
    def check(self, layers: LayerTable) -> None:
        """Checks the settings, before a training starts.

        Raises:
            ValueError: If one makes no sense, for the model or at all; one sentence.
        """

    @abstractmethod
    def misfit(self, explainer: Explainer | None) -> str | None:
        """Returns why maps of an explainer cannot be measured, or `None` if they can.

        Args:
            explainer: What made the maps, resolved; `None` where that is not known.

        Returns:
            One sentence without a full stop, that names what would do.
        """

    @abstractmethod
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        """Returns the figure of each map, `(samples,)`; NaN where it is not defined.

        Args:
            model: The maps of one target, and what the model answers about them.
            ops: `keras.ops`, or an object with the same functions.
        """

    @final
    def __call__(
        self,
        explanation: Explanation,
        model: Any,
        samples: Any,
        *,
        explainer: Explainer | None = None,
        targets: Any = None,
        labels: npt.ArrayLike | None = None,
        memory_budget: int = MEMORY_BUDGET,
    ) -> Floats:
        """Returns the figure of each map, `(maps,)`, outside of training.

        ```python
        explanation = tbx.GradCAM().explain(model, images, labels=labels)
        tbx.metrics.Deletion()(explanation, model, images)
        ```

        Args:
            explanation: Maps of samples and of one target.
            model: The Keras model that they explain, with the weights that it had then; it is
                left as it was.
            samples: The samples that the maps are of, as the model takes them.
            explainer: What made the maps, for metrics that explain anew.
            targets: The explained output: an index, one index per sample, `Output`, `Contrast`,
                `Neuron`, a callable, or `"label"`. Default the classes that the explanation
                names; a target without such needs to be given.
            labels: Right class of each sample, or of each pixel; for the target `"label"`.
            memory_budget: Bytes that what all layers put out may take together.

        Raises:
            ValueError: If the maps, the model and the target don't belong together, or the metric
                is not defined for the explainer.
        """
        from tb_explain.execution.measure_once import measure_once  # It imports this module.

        return measure_once(
            self,
            explanation,
            model,
            samples,
            explainer=explainer,
            targets=targets,
            labels=labels,
            memory_budget=memory_budget,
        )


def explains_targets(explainer: Explainer) -> bool:
    """Whether an explainer makes a map of each sample for each target."""
    return isinstance(explainer, _EXPLAIN_TARGETS)


def check_every(metric: ModelMetric) -> None:
    """Checks how often a metric is measured.

    Raises:
        ValueError: If it is never, or the settings are no value.
    """
    if metric.every < 1:
        raise ValueError(
            "A metric is measured at every record (every=1), or less often (every=5). "
            f"Received: {metric!r}"
        )


def check_points(metric: ModelMetric, *, points: int) -> None:
    """Checks how often a metric asks.

    Raises:
        ValueError: If it is never.
    """
    if points < 1:
        raise ValueError(f"A metric that asks the model has at least 1 point. Received: {metric!r}")
