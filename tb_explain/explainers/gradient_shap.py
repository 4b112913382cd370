"""GradientSHAP, also known as expected gradients."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, ClassVar, cast, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.baselines import (
    AnyBaseline,
    Baseline,
    Picture,
    as_baseline,
    baseline_of,
    check_baseline,
    keep_baseline,
)
from tb_explain.explainers.completeness import Complete
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.explainers.integrated_gradients import relative_gap
from tb_explain.explainers.noise import check_noise, pattern, spread_of
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class GradientSHAP(InputQueryExplainer, Complete):
    """What each pixel adds to the score on the way from a baseline, over many baselines.

    With baselines `b_i`, places `t_i` that are even on 0..1 and the score `S`, the map is
    `mean_i(sum_c((x_c - b_ic) * dS/dx_c(b_i + t_i (x - b_i))))`. It is signed, and its sum tends to
    `S(x) - mean_i(S(b_i))`: the figure `gap` of each map is what it lacks of that, as a share.

    A baseline is a picture of `background`, or `baseline` where there is none, with Gaussian noise
    of standard deviation `noise * (max(x) - min(x))` added. The other samples are no baselines
    by default, so that a sample has the same map whatever it is explained with. Each of the
    `points` equal parts of 0..1 holds one place, drawn at random, and the pictures are drawn
    equally often; both have less variance than independent draws.

    Args:
        points: Baselines and places of each sample; each costs two forward passes and a backward
            pass, or one forward pass where neither noise nor background make baselines differ.
        baseline: A number, `Blurred()`, or a picture, in the unit of the model's input.
        background: Pictures of shape `(pictures, rows, cols, channels)`, such as some of the
            training set.
        noise: Standard deviation of the noise as a share of the range of each sample.
        seed: Of noise, places and pictures, which are the same for all samples and records.

    References:
        Lundberg and Lee, 2017, https://arxiv.org/abs/1705.07874
        Erion et al., 2021, https://arxiv.org/abs/1906.10670
    """

    title: ClassVar[str] = "GradientSHAP"
    paper: ClassVar[str] = "https://arxiv.org/abs/1906.10670"
    signed: ClassVar[bool] = True

    points: int = 50
    baseline: AnyBaseline = 0.0
    background: Baseline | npt.ArrayLike | None = None
    noise: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        keep_baseline(self)
        object.__setattr__(self, "background", _pictures(self.background))

    @override
    def check(self, layers: LayerTable) -> None:
        check_noise(self, points=self.points, noise=self.noise, seed=self.seed)
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        background = cast(Picture | None, self.background)
        if background is not None and background.values.shape[1:] != layers.input_grid:
            raise ValueError(
                f"Background pictures have the shape {layers.input_grid} of a sample. "
                f"Received: background of shape {background.values.shape}"
            )

    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        ways: deque[Tensor] = deque()
        total: Tensor = 0.0
        for _, gradient in queries.gradients(self._on_the_way(samples, ways, ops)):
            total = total + ways.popleft()[None] * gradient
        maps = ops.sum(total, axis=-1, keepdims=True) / self.points
        gap = relative_gap(ops.sum(maps, axis=(2, 3, 4)), self.whole(queries, ops), ops)
        return {"map": maps, "gap": gap}

    def _on_the_way(self, samples: Tensor, ways: deque[Tensor], ops: Any) -> Iterator[Tensor]:
        """Yields places between baselines and samples, and appends the whole ways to `ways`."""
        drawn = np.random.default_rng([self.seed, self.points]).random(self.points)
        places = ((np.arange(self.points) + drawn) / self.points).tolist()
        for place, baseline in zip(places, self._baselines(samples, ops), strict=True):
            ways.append(samples - baseline)
            yield baseline + place * ways[-1]

    @override
    def whole(self, queries: Queries, ops: Any) -> Tensor:
        baselines = self._baselines(queries.samples, ops)
        if self.background is None and self.noise == 0:
            baselines = islice(baselines, 1)
        at_sample, *at_baselines = queries.scores(chain([queries.samples], baselines))
        return at_sample - ops.mean(ops.stack(at_baselines), axis=0)

    def _baselines(self, samples: Tensor, ops: Any) -> Iterator[Tensor]:
        spread = spread_of(samples, self.noise, ops)
        without_noise = self._without_noise(samples, ops)
        for point in range(self.points):
            noise = pattern(samples, seed=self.seed, point=point, ops=ops)
            yield next(without_noise) + spread * noise

    def _without_noise(self, samples: Tensor, ops: Any) -> Iterator[Tensor]:
        background = cast(Picture | None, self.background)
        if background is None:
            baseline = baseline_of(self, samples, ops)
            while True:
                yield baseline
        random = np.random.default_rng([self.seed, self.points + 1])
        for drawn in random.permutation(self.points).tolist():
            yield ops.convert_to_tensor(background.values[drawn % len(background.values)][None])


def _pictures(background: Baseline | npt.ArrayLike | None) -> Picture | None:
    """Returns pictures that can be compared and hashed.

    Raises:
        ValueError: If they are none, or not finite.
    """
    if background is None:
        return None
    found = background if isinstance(background, Baseline) else None
    if found is None:
        try:
            found = as_baseline(background, received="background")
        except ValueError:
            found = None
    if not isinstance(found, Picture) or found.values.ndim != 4 or len(found.values) == 0:
        raise ValueError(
            "A background is an array of finite pictures, (pictures, rows, cols, channels). "
            f"Received: background of shape {np.shape(cast(Any, background))}"
        )
    return found
