"""Kernel SHAP."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from math import comb
from typing import Any, ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.segment_regression import (
    Coalitions,
    Fit,
    Floats,
    SegmentRegression,
    Shown,
    least_squares,
)
from tb_explain.explainers.segments import AnySegments, Labels, Superpixels, as_segments
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class KernelSHAP(SegmentRegression):
    """What each segment adds to the score, averaged over all orders in which segments appear.

    The map is the `w` that minimises `sum_z(k(z) * (S(z) - S(b) - z @ w)**2)` over coalitions
    `z` of segments under `sum(w) = S(x) - S(b)`, with the sample `x`, the baseline `b`, the score
    `S(z)` of the sample with the other segments hidden, and the kernel
    `k(z) = (d - 1) / (binomial(d, s) * s * (d - s))` of `s` shown segments among `d`: these are
    the Shapley values. Where all `2**d` coalitions are no more than `evaluations` they are exact.
    Otherwise the smallest and largest coalitions are taken whole, as far as they go, and the rest
    is drawn by the kernel, each with its complement; the sum stays exact. The map is signed.
    Figures are `r2`, the weighted R² of the fit (NaN where hiding changes nothing), and the number
    of `segments`.

    Args:
        segments: `Superpixels(segments, compactness)`, `Grid(rows, cols)`, or whole numbers of
            shape `(rows, cols)` or `(samples, rows, cols)`.
        evaluations: Most coalitions, the whole sample and the baseline included; each costs a
            forward pass. The authors' package takes `2 * d + 2048`.
        baseline: What a hidden pixel shows: a number, `Blurred()`, or a picture, in the unit of
            the model's input.
        seed: Of the coalitions, which are the same in all records.

    References:
        Lundberg and Lee, 2017, https://arxiv.org/abs/1705.07874
    """

    title: ClassVar[str] = "Kernel SHAP"
    paper: ClassVar[str] = "https://arxiv.org/abs/1705.07874"

    segments: AnySegments = field(default_factory=Superpixels)
    evaluations: int = 1000
    seed: int = field(default=0, kw_only=True)
    baseline: AnyBaseline = 0.0

    def __post_init__(self) -> None:
        segments = as_segments(self.segments, received=f"segments={self.segments!r}")
        object.__setattr__(self, "segments", segments)
        keep_baseline(self)

    @override
    def check_fit(self, layers: LayerTable) -> None:
        check_baseline(self.baseline, layers.input_grid, received=repr(self))

    @override
    def coalitions(self, segments: int) -> Coalitions:
        shown = [np.ones((1, segments), np.bool_), np.zeros((1, segments), np.bool_)]
        weights = [np.zeros(2)]
        left = self.evaluations - 2
        masses = {size: mass(segments, size) for size in range(1, segments // 2 + 1)}
        while masses:
            size = min(masses)
            count = comb(segments, size) * sides(segments, size)
            if count > left * masses[size] / sum(masses.values()) * (1 + 1e-9):
                break
            left -= count
            shown.append(all_of(segments, size))
            weights.append(np.full(count, masses.pop(size) / count))
        if masses and left > 1:
            drawn = self._drawn(segments, masses, pairs=left // 2)
            shown.append(drawn)
            weights.append(np.full(len(drawn), sum(masses.values()) / len(drawn)))
        return Coalitions(np.concatenate(shown), np.concatenate(weights))

    @override
    def fit(self, coalitions: Coalitions, scores: Floats) -> Fit:
        whole, empty = scores[0], scores[1]
        each = (whole - empty) / coalitions.shown.shape[1]
        sizes = coalitions.shown.sum(axis=1, keepdims=True)
        roots = np.sqrt(coalitions.weights)[:, None]
        rows = roots * (coalitions.shown - sizes / coalitions.shown.shape[1])
        answers = roots * (scores - empty - sizes * each)
        # Its rows sum to 0, so the shortest of the best solutions does, and the sum is `each`'s.
        found = least_squares(rows, answers)
        return Fit(each + found - found.mean(axis=0), empty)

    @override
    def hidden(self, samples: Tensor, labels: Labels, ops: Any) -> Tensor:
        return baseline_of(self, samples, ops)

    def _drawn(self, segments: int, masses: dict[int, float], *, pairs: int) -> Shown:
        """Returns coalitions of the given sizes and their complements, one after the other."""
        sizes = sorted(masses)
        bounds = list(accumulate(masses[size] for size in sizes))
        drawn = np.zeros((pairs, 2, segments), np.bool_)
        for index in range(pairs):
            random = np.random.default_rng([self.seed, index])
            size = sizes[bisect_right(bounds, random.random() * bounds[-1], hi=len(sizes) - 1)]
            drawn[index, 0, random.permutation(segments)[:size]] = True
            drawn[index, 1] = ~drawn[index, 0]
        return drawn.reshape(2 * pairs, segments)


def sides(segments: int, size: int) -> int:
    """Returns 2, or 1 where coalitions and their complements have the same size."""
    return 1 if 2 * size == segments else 2


def mass(segments: int, size: int) -> float:
    """Returns what the kernel gives to all coalitions of a size and to their complements."""
    return sides(segments, size) * (segments - 1) / (size * (segments - size))


def all_of(segments: int, size: int) -> Shown:
    """Returns all coalitions of a size, then their complements if those are others."""
    shown = np.zeros((comb(segments, size), segments), np.bool_)
    for row, members in zip(shown, _members(segments, size), strict=True):
        row[members] = True
    return shown if sides(segments, size) == 1 else np.concatenate([shown, ~shown])


def _members(segments: int, size: int) -> Iterator[list[int]]:
    return (list(members) for members in combinations(range(segments), size))
