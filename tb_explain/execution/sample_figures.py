"""Figures of how sure the model is of the samples, and of how steady, as curves."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from tb_explain.execution.memory import Memory

if TYPE_CHECKING:
    from tb_explain.probe.observation import Predictions

Values = npt.NDArray[np.float64]

_RIGHT, _UNKNOWN = 1, 255
ABOUT: Final = {
    "confidence": "Mean over samples of the probability of the predicted class, 0 to 1.",
    "margin": (
        "Mean over samples of the probability of the predicted class less that of the runner-up, "
        "0 to 1: near 0 the model wavers between two classes."
    ),
    "flips": (
        "Share of samples whose predicted class is another one than at the last record, 0 to 1. "
        "Better is lower, late in a training."
    ),
    "forgotten": (
        "Number of samples that were right at an earlier record and are wrong now. "
        "Better is lower. [Paper](https://arxiv.org/abs/1812.05159)"
    ),
}


def sample_curves(predictions: "Predictions", memory: Memory) -> dict[str, float]:
    """Returns figures of all samples by name, those that are defined, and remembers this record.

    `confidence` and `margin` need probabilities, `flips` a record before this one, `forgotten` a
    label of every sample. Samples without a figure are left out of a mean.

    Args:
        predictions: What the model predicts now.
        memory: What is remembered of the run so far. It is updated.

    References:
        Toneva et al., 2019, https://arxiv.org/abs/1812.05159
    """
    arrays = predictions.arrays
    found = {
        "confidence": _mean(arrays["predicted_probability"]),
        "margin": _mean(margins(arrays["top_probability"])),
        "flips": _mean(_flips(arrays["predicted"], memory)),
        "forgotten": _forgotten(arrays["correct"], memory),
    }
    return {name: figure for name, figure in found.items() if figure is not None}


def margins(top: npt.NDArray[Any]) -> Values:
    """Returns the largest probability of each sample less the second largest.

    Args:
        top: The largest probabilities of each sample, descending, `(samples, shown)`.
    """
    if top.shape[1] < 2:
        return np.full(len(top), np.nan)
    return top[:, 0].astype(np.float64) - top[:, 1]


def _flips(predicted: npt.NDArray[Any], memory: Memory) -> Values:
    """Returns 1 for each sample of which another class is predicted than before, else 0."""
    before, memory.predicted = memory.predicted, predicted
    if before is None or len(before) != len(predicted):
        return np.zeros(0)
    known = (before >= 0) & (predicted >= 0)
    return np.where(known, before != predicted, np.nan)


def _forgotten(correct: npt.NDArray[Any], memory: Memory) -> float | None:
    if not correct.size or (correct == _UNKNOWN).any():
        return None
    right = correct == _RIGHT
    before = memory.was_right
    if before is None or len(before) != len(right):
        before = np.zeros(len(right), np.bool_)
    memory.was_right = before | right
    return float((before & ~right).sum())


def _mean(column: npt.NDArray[Any]) -> float | None:
    defined = column[np.isfinite(column)]
    return float(defined.mean(dtype=np.float64)) if defined.size else None
