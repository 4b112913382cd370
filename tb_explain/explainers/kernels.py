"""Figures of kernels, shared by the explainers of weights."""

from typing import Final

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats

Directions = npt.NDArray[np.float16]

_ROWS: Final = 1024  # Weights of each filter that are compared at once, so that they stay at hand.


def norms(kernel: Floats) -> Floats:
    """Returns the Euclidean norm of each filter or unit, the last axis."""
    flat = kernel.reshape(-1, kernel.shape[-1])
    # Summed in float64 without a copy of the kernel in it.
    squares = np.einsum("wf,wf->f", flat, flat, dtype=np.float64, casting="same_kind")
    return np.sqrt(squares).astype(np.float32)


def compared(kernel: Floats, previous: Floats | None) -> tuple[Floats, Floats, dict[str, float]]:
    """Returns norms and changes of the filters or units, and figures of the whole kernel.

    A change is `|w - w_prev| / |w_prev|`. The figures are `norm` and `change` of the whole, and
    `filter_drift` and `filter_drift_max`: mean and maximum over filters of `1 - cos(w, w_prev)`,
    how far they turned, 0 to 2. NaN where something has no meaning.

    Args:
        kernel: The kernel now.
        previous: The kernel at the last record, or `None` at the first.
    """
    now = norms(kernel)
    relative = np.full(kernel.shape[-1], np.nan, np.float32)
    figures = {"norm": _joined(now), "change": float("nan"), **_over_filters("", np.zeros(0))}
    if previous is not None and previous.shape == kernel.shape:
        before, moved = norms(previous), norms(kernel - previous)
        known = before > 0
        relative[known] = moved[known] / before[known]
        if known.any():
            figures["change"] = _joined(moved) / _joined(before)
        figures |= _over_filters("", _turned(now, before, moved))
    return now, relative, figures


def _turned(now: Floats, before: Floats, moved: Floats) -> npt.NDArray[np.float64]:
    """Returns `1 - cos` of filters from their norms and that of their difference.

    The cosine rule loses no digits to rounding where filters hardly turn. NaN for zeros.
    """
    a, b, c = (each.astype(np.float64) for each in (now, before, moved))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.clip((c**2 - (a - b) ** 2) / (2 * a * b), 0, 2)


def directions(kernel: Floats) -> Directions:
    """Returns the filters of a kernel at norm 1, in half the bytes; NaN for filters of zeros."""
    flat = kernel.reshape(-1, kernel.shape[-1])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return (flat / norms(kernel)).astype(np.float16)


def drift_from(kernel: Floats, first: Directions | None) -> dict[str, float]:
    """Returns `filter_drift_first` and `filter_drift_first_max`.

    They are mean and maximum over filters of `1 - cos(w, w_first)`, to 1e-7, and NaN without a
    first record of the same shape.

    Args:
        kernel: The kernel now.
        first: Its directions at the first record, or `None`.
    """
    flat = kernel.reshape(-1, kernel.shape[-1])
    if first is None or first.shape != flat.shape:
        return _over_filters("_first", np.zeros(0))
    apart = np.zeros(flat.shape[1])
    now = norms(kernel)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for start in range(0, len(flat), _ROWS):
            piece = slice(start, start + _ROWS)
            difference = flat[piece] / now - first[piece]
            apart += np.einsum("wf,wf->f", difference, difference)
    return _over_filters("_first", np.clip(apart / 2, 0, 2))


def _over_filters(since: str, drifts: npt.NDArray[np.float64]) -> dict[str, float]:
    """Returns mean and maximum of those drifts that are defined."""
    known = drifts[np.isfinite(drifts)]
    name = f"filter_drift{since}"
    if not known.size:
        return {name: float("nan"), f"{name}_max": float("nan")}
    return {name: float(known.mean()), f"{name}_max": float(known.max())}


def whole(kernel: Floats, previous: Floats | None) -> dict[str, float]:
    """Returns the figures of a whole kernel; see `compared`."""
    return compared(kernel, previous)[2]


def chosen_by_norm(kernel: Floats, count: int) -> tuple[int, ...]:
    """Returns the `count` filters of the largest norm, in the order of the kernel."""
    strongest = np.argsort(-np.nan_to_num(norms(kernel)), kind="stable")[:count]
    return tuple(sorted(int(index) for index in strongest))


def most_alike(kernel: Floats, chosen: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Returns how alike each chosen filter is to the other one that is most like it, and which.

    Alike is the cosine `w_i . w_j / (|w_i| |w_j|)` over whole kernels, so 1 for filters that
    differ in their norm alone. NaN where there is no other filter, or for filters of zeros.

    Args:
        kernel: The kernel now, filters on the last axis.
        chosen: Filters to look at; they are compared with all filters.

    Returns:
        Cosines and numbers of filters, both `(chosen,)`.
    """
    flat = kernel.reshape(-1, kernel.shape[-1]).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        unit = flat / norms(flat)
        alike = unit[:, chosen].T @ unit
    alike[np.arange(len(chosen)), chosen] = np.nan
    known = ~np.isnan(alike).all(axis=1)
    nearest = np.where(np.isnan(alike), -np.inf, alike).argmax(axis=1)
    cosines = np.where(known, alike[np.arange(len(chosen)), nearest], np.nan)
    return cosines.astype(np.float32), np.where(known, nearest, np.nan).astype(np.float32)


def _joined(norms_of_filters: Floats) -> float:
    return float(np.sqrt((norms_of_filters.astype(np.float64) ** 2).sum()))
