"""Figures of a layer's output: reduced per sample inside the pass, combined on the host."""

from collections.abc import Mapping
from math import prod
from typing import Any, Final

import numpy as np

from tb_explain.explainers.base import Arrays
from tb_explain.probe.needs import Tensor

FIGURES: Final = ("mean", "std", "dead", "sparsity", "saturation")

_CUT_AT_ZERO: Final = frozenset(("relu", "relu6"))
_ENDS: Final = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "relu6": (0.0, 6.0),
}
_NEAR_AN_END: Final = 0.01


def traced_figures(activation: Tensor, nonlinearity: str | None, ops: Any) -> Mapping[str, Tensor]:
    """Returns what the figures need, each starting with the axis of samples.

    Args:
        activation: Output of a layer, shape `(samples, ..., channels)`.
        nonlinearity: Name of its activation function, or `None`.
        ops: `keras.ops`, or an object with the same functions.
    """
    everywhere = tuple(range(1, len(activation.shape)))
    places = everywhere[:-1]
    mean = ops.mean(activation, axis=places) if places else activation
    centre = ops.mean(mean, axis=-1)
    away = activation - ops.reshape(centre, (-1, *(1 for _ in everywhere)))
    size = prod(activation.shape[1:-1])
    zeros = ops.cast(ops.equal(activation, 0), "float32")
    zeros = ops.sum(zeros, axis=places) if places else zeros
    found = {
        "mean": mean,
        "variance": ops.mean(ops.square(away), axis=everywhere),
        "zeros": ops.mean(zeros, axis=-1) / size,
        "used": size - zeros,  # Counted, since a share may be rounded.
    }
    if nonlinearity in _ENDS:
        low, high = _ENDS[nonlinearity]
        middle, reach = (low + high) / 2, (0.5 - _NEAR_AN_END) * (high - low)
        ended = ops.abs(activation - middle) >= reach
        found["ended"] = ops.mean(ops.cast(ended, "float32"), axis=everywhere)
    return found


def figures_of(arrays: Arrays, nonlinearity: str | None) -> Mapping[str, float]:
    """Returns the figures over all samples and places; NaN where one does not apply."""
    mean = np.asarray(arrays["mean"], np.float64).mean(axis=-1)
    variance = np.asarray(arrays["variance"], np.float64)
    with np.errstate(invalid="ignore"):  # A model that became infinite has no figures.
        std = float(np.sqrt(variance.mean() + mean.var()))
    return {
        "mean": float(mean.mean()),
        "std": std,
        "dead": _dead(arrays) if nonlinearity in _CUT_AT_ZERO else np.nan,
        "sparsity": float(np.mean(arrays["zeros"], dtype=np.float64)),
        "saturation": _saturation(arrays) if nonlinearity in _ENDS else np.nan,
    }


def _dead(arrays: Arrays) -> float:
    return float((arrays["used"].max(axis=0) == 0).sum())


def _saturation(arrays: Arrays) -> float:
    return float(np.mean(arrays["ended"], dtype=np.float64))
