"""Integrated gradients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.completeness import Complete, score_above
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class IntegratedGradients(InputQueryExplainer, Complete):
    """What each pixel adds to the score on the straight way from a baseline to the sample.

    With the sample `x`, the baseline `b` and the score `S`, the map is
    `sum_c((x_c - b_c) * integral_0^1 dS/dx_c(b + t (x - b)) dt)` over the channels. It is signed,
    and its sum is `S(x) - S(b)` but for the error of the integral: the figure `gap` of each map
    is `|sum - (S(x) - S(b))| / |S(x) - S(b)|`.

    Args:
        points: Points of the integral; each costs a forward and a backward pass.
        baseline: A number, `Blurred()`, or a picture, in the unit of the model's input.
        trapezoid: Takes the trapezoid rule, of evenly spaced points, in place of Gauss-Legendre
            quadrature, which needs fewer points for the same gap.

    References:
        Sundararajan et al., 2017, https://arxiv.org/abs/1703.01365
    """

    title: ClassVar[str] = "Integrated gradients"
    paper: ClassVar[str] = "https://arxiv.org/abs/1703.01365"
    signed: ClassVar[bool] = True

    points: int = 50
    baseline: AnyBaseline = 0.0
    trapezoid: bool = False

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        if self.points < (2 if self.trapezoid else 1):
            raise ValueError(
                f"An integral has at least one point, by the trapezoid rule two. Received: {self!r}"
            )

    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        baseline = baseline_of(self, samples, ops)
        way = samples - baseline
        places, weights = quadrature(self.points, trapezoid=self.trapezoid)
        variants = (baseline + place * way for place in places)
        total: Tensor = 0.0
        for weight, (_, gradient) in zip(weights, queries.gradients(variants), strict=True):
            total = total + weight * gradient
        maps = ops.sum(way[None] * total, axis=-1, keepdims=True)
        gap = relative_gap(ops.sum(maps, axis=(2, 3, 4)), score_above(baseline, queries), ops)
        return {"map": maps, "gap": gap}

    @override
    def whole(self, queries: Queries, ops: Any) -> Tensor:
        return score_above(baseline_of(self, queries.samples, ops), queries)


def quadrature(points: int, *, trapezoid: bool) -> tuple[list[float], list[float]]:
    """Returns points and weights of an integral from 0 to 1."""
    found: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
    if trapezoid:
        places = np.linspace(0, 1, points)
        weights = np.full(points, 1 / (points - 1))
        weights[[0, -1]] /= 2
        found = places, weights
    else:
        places, weights = np.polynomial.legendre.leggauss(points)
        found = (places + 1) / 2, weights / 2
    return found[0].tolist(), found[1].tolist()


def relative_gap(total: Tensor, difference: Tensor, ops: Any) -> Tensor:
    """Returns how much the sum of a map lacks of a difference of scores, as a share of it."""
    return ops.abs(total - difference) / ops.abs(difference)
