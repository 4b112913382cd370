"""Infidelity: how wrongly a map foretells what covered parts do to the score."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.baselines import (
    AnyBaseline,
    Blurred,
    baseline_of,
    check_baseline,
    keep_baseline,
)
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.maps import ratio
from tb_explain.metrics.model_metric import ModelMetric, check_points
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layer_table import LayerTable

Corner = tuple[int, int]


@final
@dataclass(frozen=True)
class Infidelity(ModelMetric):
    """How wrongly a map foretells how far the score falls where a part is covered.

    With the score `S`, the sample `x`, and `x_i` whose rectangle `i` holds the baseline, the
    fall is `d_i = S(x) - S(x_i)`, and `e_i` is the sum of the map over the rectangle: what
    `I . E` of the paper becomes where a map holds shares of a score. The figure is
    `mean_i((a e_i - d_i)^2) / mean_i(d_i^2)` with the best factor `a >= 0`, since most maps have
    a unit of their own: 0 where the map foretells every fall, 1 where it is of no use.
    `scaled=False` gives `mean_i((e_i - d_i)^2)` as in the paper, in the squared unit of the score;
    that makes sense for maps in the unit of the score, such as integrated gradients with the same
    baseline. Coarse maps are enlarged bilinearly. It is not defined for maps of zeros, nor where
    the score never falls.

    Args:
        points: Rectangles, one after the other; each costs a forward pass.
        share: Of the rows and of the columns that a rectangle covers, above 0 and below 1.
        baseline: What a covered pixel shows: a number, `Blurred()`, or a picture, in the unit of
            the model's input.
        scaled: Whether the unit of the map is left open.
        seed: Of the places, which are the same for all samples and in all records.

    References:
        Yeh et al., 2019, https://arxiv.org/abs/1901.09392
    """

    name: ClassVar[str] = "infidelity"
    title: ClassVar[str] = "Infidelity"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (0, None)
    about: ClassVar[str] = "What a map gets wrong of how the score falls where a part is covered."
    cost: ClassVar[str] = "A forward pass for each of its points, and one more."
    paper: ClassVar[str] = "https://arxiv.org/abs/1901.09392"

    points: int = 32
    share: float = 0.25
    baseline: AnyBaseline = field(default_factory=Blurred)
    scaled: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_points(self, points=self.points)
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        if not 0 < self.share < 1:
            raise ValueError(
                f"A rectangle covers a share above 0 and below 1 of a side. Received: {self!r}"
            )
        if self.seed < 0:
            raise ValueError(f"A seed is a whole number of at least 0. Received: {self!r}")

    @override
    def misfit(self, explainer: Explainer | None) -> str | None:
        return None

    @override
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        rows, cols = self._sides(model.size)
        corners = self._corners(model.size)
        foretold = np.stack(
            [
                model.pixels[:, top : top + rows, left : left + cols].sum((1, 2), np.float64)
                for top, left in corners
            ]
        )
        scores = model.scores(chain([model.samples], self._covered(model, corners, ops)), ops)
        with np.errstate(invalid="ignore"):  # A model that became infinite has no figure.
            return self._error(foretold, scores[0] - scores[1:])

    def _error(
        self, foretold: npt.NDArray[np.float64], falls: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Returns the error of each map; both arguments have the shape `(points, samples)`."""
        if not self.scaled:
            return np.mean((foretold - falls) ** 2, axis=0)
        factor = ratio((foretold * falls).sum(axis=0), (foretold**2).sum(axis=0))
        missed = np.mean((np.maximum(factor, 0) * foretold - falls) ** 2, axis=0)
        return ratio(missed, np.mean(falls**2, axis=0))

    def _sides(self, size: tuple[int, int]) -> tuple[int, int]:
        rows, cols = (max(1, round(self.share * side)) for side in size)
        return rows, cols

    def _corners(self, size: tuple[int, int]) -> list[Corner]:
        random = np.random.default_rng(self.seed)
        ends = [side - part for side, part in zip(size, self._sides(size), strict=True)]
        places = random.integers(0, np.array(ends) + 1, (self.points, 2))
        return [(int(top), int(left)) for top, left in places]

    def _covered(self, model: ExplainedModel, corners: list[Corner], ops: Any) -> Iterator[Tensor]:
        baseline = baseline_of(self, model.samples, ops)
        rows, cols = self._sides(model.size)
        shape = (int(baseline.shape[0]), rows, cols, int(baseline.shape[3]))
        for top, left in corners:
            start = (0, top, left, 0)
            yield ops.slice_update(model.samples, start, ops.slice(baseline, start, shape))
