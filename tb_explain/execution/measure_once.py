"""Measures an explanation once, outside of training."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tb_explain.execution.model_measuring import check_metric, explained_model, measured
from tb_explain.explainers.base import Explainer
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.model_metric import ModelMetric, explains_targets
from tb_explain.probe.memory_budget import check_memory_budget
from tb_explain.probe.probe import Probe
from tb_explain.trees import as_numpy, leaves, selected

_TOLERANCE: Final = 0.05  # Batches of another size change scores of half precision so much.


def measure_once(
    metric: ModelMetric,
    explanation: Explanation,
    model: Any,
    samples: Any,
    *,
    explainer: Explainer | None,
    targets: Any,
    labels: npt.ArrayLike | None,
    memory_budget: int,
) -> Floats:
    """Returns the figure of each map; see `ModelMetric`."""
    check_memory_budget(memory_budget)
    misfit = _misfit(metric, explainer)
    if misfit is not None:
        raise ValueError(f"{misfit}. Received: explainer={explainer!r}")
    if not len(explanation.values):
        return np.zeros(0, np.float32)
    order = _order(explanation, len(leaves(as_numpy(samples))[0]))
    probe = Probe(
        model,
        selected(as_numpy(samples), order),
        labels=None if labels is None else np.asarray(labels)[order],
        targets=_targets(explanation) if targets is None else targets,
        memory_budget=memory_budget,
    )
    try:
        if len(probe.targets) != 1:
            raise ValueError(f"One target is measured at a time. Received: targets={targets!r}")
        check_metric(metric, probe)
        queries = probe.queries()
        asked = explained_model(probe, queries, explanation, explainer=explainer, place=0)
        _check_scores(explanation, asked.scores([asked.samples], _ops())[0])
        return measured(metric, asked)
    finally:
        probe.release()


def _misfit(metric: ModelMetric, explainer: Explainer | None) -> str | None:
    if explainer is not None and not explains_targets(explainer):
        return f"{type(metric).__name__} measures maps of a target, such as those of tbx.GradCAM()"
    return metric.misfit(explainer)


def _order(explanation: Explanation, samples: int) -> npt.NDArray[np.intp]:
    """Returns the sample of each map.

    Raises:
        ValueError: If a map has none, or there are too few samples.
    """
    found = [-1 if sample is None else sample for sample in explanation.samples]
    if min(found) < 0 or max(found) >= samples:
        raise ValueError(
            "Asking the model needs the sample of each map, "
            f"here {max(found) + 1} of them. Received: maps of samples {explanation.samples} and "
            f"{samples} samples"
        )
    return np.array(found, np.intp)


def _targets(explanation: Explanation) -> list[int]:
    """Returns the explained class of each map.

    Raises:
        ValueError: If a map has none.
    """
    found = [target for target in explanation.targets if target is not None]
    if len(found) < len(explanation.targets):
        raise ValueError(
            "The explanation names no class for each map; say what it explains, such as "
            "targets=tbx.Neuron('conv5', 3). Received: targets=None"
        )
    return found


def _check_scores(explanation: Explanation, scores: npt.NDArray[np.float64]) -> None:
    """Checks that the model gives the scores that an explanation knows.

    Raises:
        ValueError: If not.
    """
    known = np.array([np.nan if one is None else one for one in explanation.scores], np.float64)
    apart = np.abs(known - scores)
    if (apart > _TOLERANCE * max(np.nanmax(np.abs(scores), initial=0), 1e-6)).any():
        raise ValueError(
            "The scores of the explanation are not those of the model; it was trained since then, "
            "the samples are others, or the target is another, such as a difference, which "
            f"`targets` names. Received: scores {known} of the explanation, and {scores} now"
        )


def _ops() -> Any:
    import keras

    return keras.ops
