"""RISE."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.host_scores import host_scores
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.pooling import bilinear
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

_TOGETHER = 2**22  # Pixels of masks that are summed up at a time.

Floats = npt.NDArray[np.float32]


@final
@dataclass(frozen=True)
class RISE(InputQueryExplainer):
    """How much higher the score is where a pixel is shown, over random masks.

    With the sample `x`, the baseline `b`, masks `M_i` in 0..1 and `S_i`, the score of
    `b + M_i * (x - b)`, the map is `1 / (masks * probability) * sum_i((S_i - c) * M_i)`. The paper
    takes `c = 0` and probabilities for scores. Scores are not bound to 0..1, and a constant added
    to all of them would add the mean mask, which shows nothing but chance: `c` is the mean of
    all `S_i`, so that the map is signed and estimates `E[S | pixel shown] - E[S]`.

    A mask is a grid of `cells x cells` places, each shown with a probability, enlarged bilinearly
    to one cell more than the sample and cut to its size at a random place. Masks are the same for
    all samples and in all records.

    Args:
        masks: Random masks; each costs a forward pass. The paper takes 4000 to 8000; the error of
            a map falls with the square root.
        cells: Cells of a mask along rows and along columns.
        probability: Of each cell to be shown, between 0 and 1.
        baseline: What a masked pixel shows: a number, `Blurred()`, or a picture, in the unit of
            the model's input.
        centred: Takes the mean score for `c`; `False` takes 0, as the paper does.
        seed: Of the masks.

    References:
        Petsiuk et al., 2018, https://arxiv.org/abs/1806.07421
    """

    title: ClassVar[str] = "RISE"
    paper: ClassVar[str] = "https://arxiv.org/abs/1806.07421"
    signed: ClassVar[bool] = True

    masks: int = 1000
    cells: int = 7
    probability: float = 0.5
    baseline: AnyBaseline = 0.0
    centred: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        if self.masks < (2 if self.centred else 1):
            raise ValueError(
                f"RISE compares at least two masks; the default is masks=1000. Received: {self!r}"
            )
        if self.cells < 1 or not 0 < self.probability < 1:
            raise ValueError(
                "A mask has at least one cell, shown with a probability between 0 and 1; the "
                f"defaults are cells=7 and probability=0.5. Received: {self!r}"
            )
        if self.seed < 0:
            raise ValueError(f"A seed is 0 or greater. Received: {self!r}")

    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        baseline = baseline_of(self, samples, ops)
        shown = samples - baseline
        size = (int(samples.shape[1]), int(samples.shape[2]))
        variants = (
            baseline + ops.convert_to_tensor(mask[None, :, :, None]) * shown
            for mask in self._drawn(size)
        )
        scores = host_scores(queries, variants, ops)
        with np.errstate(invalid="ignore"):  # A model that became infinite has no map.
            if self.centred:
                scores = scores - scores.mean(axis=0)
            weights = np.moveaxis(scores, 0, -1) / (self.masks * self.probability)
            maps = weighted_sum(weights.astype(np.float32), self._drawn(size), size=size)
        return {"map": ops.convert_to_tensor(maps[..., None])}

    def _drawn(self, size: tuple[int, int]) -> Iterator[Floats]:
        """Yields the masks, each of shape `(rows, cols)`."""
        rises = [ceil(side / self.cells) for side in size]
        down, across = (bilinear(self.cells, (self.cells + 1) * rise) for rise in rises)
        for index in range(self.masks):
            random = np.random.default_rng([self.seed, index])
            cells = random.random((self.cells, self.cells)) < self.probability
            top, left = (int(random.integers(rise + 1)) for rise in rises)
            rows, cols = down[top : top + size[0]], across[left : left + size[1]]
            yield np.asarray(rows @ cells.astype(np.float32) @ cols.T, np.float32)


def weighted_sum(weights: Floats, masks: Iterator[Floats], *, size: tuple[int, int]) -> Floats:
    """Returns `sum_i(weights[..., i] * masks[i])`, shape `(targets, samples, rows, cols)`.

    Args:
        weights: Shape `(targets, samples, masks)`.
        masks: As many as there are weights.
        size: Rows and columns of a mask.
    """
    targets, samples, count = weights.shape
    flat = weights.reshape(targets * samples, count)
    total = np.zeros((targets * samples, size[0] * size[1]), np.float64)
    together = max(1, _TOGETHER // (size[0] * size[1]))
    for start in range(0, count, together):
        stop = min(count, start + together)
        total += flat[:, start:stop] @ np.stack([next(masks) for _ in range(start, stop)]).reshape(
            stop - start, -1
        )
    return total.reshape(targets, samples, *size).astype(np.float32)
