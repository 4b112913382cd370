"""LIME."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, as_baseline, check_baseline, kept_baseline
from tb_explain.explainers.segment_regression import (
    Coalitions,
    Fit,
    Floats,
    SegmentRegression,
    every_coalition,
    least_squares,
)
from tb_explain.explainers.segments import AnySegments, Labels, Pixels, Superpixels, as_segments
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class LIME(SegmentRegression):
    """What each segment adds to the score, by a linear model around the sample.

    Coalitions `z` show each segment with probability 1/2; the first shows the whole sample. The
    map is the `w` that minimises
    `sum_i(exp(-D_i**2 / width**2) * (S_i - w_0 - z_i @ w)**2) + ridge * |w|**2`, where `S_i` is
    the score of the sample with the other segments hidden, and `D_i` the cosine distance between
    `z_i` and the whole sample, `1 - sqrt(shown / segments)`. The map is signed. Figures are `r2`,
    the weighted R² of the fit (NaN where hiding changes nothing), and the number of `segments`.

    Args:
        segments: `Superpixels(segments, compactness)`, `Grid(rows, cols)`, or whole numbers of
            shape `(rows, cols)` or `(samples, rows, cols)`.
        evaluations: Most coalitions; each costs a forward pass. The authors' package takes 1000.
            Where all coalitions are no more, each is taken once.
        baseline: What a hidden pixel shows: a number, `Blurred()`, or a picture, in the unit of
            the model's input. `None` takes the mean of its segment, as the authors do; a segment
            of one colour then stays as it is and gets 0.
        width: Of the kernel that weighs coalitions.
        ridge: Penalty of large coefficients; 0 fits without.
        seed: Of the coalitions, which are the same in all records.

    References:
        Ribeiro et al., 2016, https://arxiv.org/abs/1602.04938
    """

    title: ClassVar[str] = "LIME"
    paper: ClassVar[str] = "https://arxiv.org/abs/1602.04938"

    segments: AnySegments = field(default_factory=Superpixels)
    evaluations: int = 500
    seed: int = field(default=0, kw_only=True)
    baseline: AnyBaseline | None = None
    width: float = 0.25
    ridge: float = 1.0

    def __post_init__(self) -> None:
        segments = as_segments(self.segments, received=f"segments={self.segments!r}")
        object.__setattr__(self, "segments", segments)
        if self.baseline is not None:
            baseline = kept_baseline(self.baseline, received=f"baseline={self.baseline!r}")
            object.__setattr__(self, "baseline", baseline)

    @override
    def check_fit(self, layers: LayerTable) -> None:
        if self.baseline is not None:
            check_baseline(self.baseline, layers.input_grid, received=repr(self))
        if not self.width > 0 or not self.ridge >= 0:
            raise ValueError(
                "The kernel of LIME has a width above 0, and its ridge is at least 0; the defaults "
                f"are width=0.25 and ridge=1. Received: {self!r}"
            )

    @override
    def coalitions(self, segments: int) -> Coalitions:
        if 2**segments <= self.evaluations:
            shown = every_coalition(segments)
        else:
            drawn = [
                np.random.default_rng([self.seed, index]).random(segments) < 0.5
                for index in range(1, self.evaluations)
            ]
            shown = np.stack([np.ones(segments, np.bool_), *drawn])
        distance = 1 - np.sqrt(shown.mean(axis=1))
        return Coalitions(shown, np.exp(-((distance / self.width) ** 2)))

    @override
    def fit(self, coalitions: Coalitions, scores: Floats) -> Fit:
        roots = np.sqrt(coalitions.weights)[:, None]
        share = coalitions.weights / coalitions.weights.sum()
        centre, level = share @ coalitions.shown, share @ scores
        rows = roots * (coalitions.shown - centre)
        penalty = np.sqrt(self.ridge) * np.eye(len(centre))
        answers = np.concatenate([roots * (scores - level), np.zeros((len(centre), len(level)))])
        found = least_squares(np.concatenate([rows, penalty]), answers)
        return Fit(found, level - centre @ found)

    @override
    def hidden(self, samples: Tensor, labels: Labels, ops: Any) -> Tensor:
        if self.baseline is not None:
            return as_baseline(self.baseline, received=repr(self)).of(samples, ops)
        pixels: Pixels = np.asarray(ops.convert_to_numpy(samples))
        pairs = zip(pixels, labels, strict=True)
        return ops.convert_to_tensor(np.stack([segment_means(*pair) for pair in pairs]))


def segment_means(sample: Pixels, labels: Labels) -> Pixels:
    """Returns a sample with each pixel as the mean of its segment.

    Args:
        sample: Shape `(rows, cols, channels)`.
        labels: Segment of each pixel, shape `(rows, cols)`.
    """
    places = labels.reshape(-1)
    sizes = np.bincount(places)
    colours = [np.bincount(places, values) for values in sample.reshape(len(places), -1).T]
    return (np.stack(colours, axis=-1) / sizes[:, None])[labels].astype(np.float32)
