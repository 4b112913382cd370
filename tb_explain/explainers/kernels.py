"""Figures of kernels, shared by the explainers of weights."""

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats


def norms(kernel: Floats) -> Floats:
    """Returns the Euclidean norm of each filter or unit, the last axis."""
    flat = kernel.reshape(-1, kernel.shape[-1])
    # Summed in float64 without a copy of the kernel in it.
    squares = np.einsum("wf,wf->f", flat, flat, dtype=np.float64, casting="same_kind")
    return np.sqrt(squares).astype(np.float32)


def compared(kernel: Floats, previous: Floats | None) -> tuple[Floats, Floats, dict[str, float]]:
    """Returns norms and changes of the filters or units, and `norm` and `change` of the whole.

    A change is `|w - w_prev| / |w_prev|`, and NaN where that has no meaning.

    Args:
        kernel: The kernel now.
        previous: The kernel at the last record, or `None` at the first.
    """
    now = norms(kernel)
    relative = np.full(kernel.shape[-1], np.nan, np.float32)
    figures = {"norm": _joined(now), "change": float("nan")}
    if previous is not None and previous.shape == kernel.shape:
        before, moved = norms(previous), norms(kernel - previous)
        known = before > 0
        relative[known] = moved[known] / before[known]
        if known.any():
            figures["change"] = _joined(moved) / _joined(before)
    return now, relative, figures


def whole(kernel: Floats, previous: Floats | None) -> dict[str, float]:
    """Returns `norm` and `change` of a whole kernel, and NaN where a change has no meaning."""
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
