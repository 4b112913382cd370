"""Max-sensitivity: how far a map changes with a sample that hardly does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.noise import spread_of
from tb_explain.explanation import Floats
from tb_explain.metrics.base import Better, Measured, Range
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.maps import ratio
from tb_explain.metrics.model_metric import ModelMetric, check_points
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class MaxSensitivity(ModelMetric):
    """How far a map changes at most with a sample that hardly does.

    With the map `E(x)` and noise `d_i` that is uniform in `[-r, r]`, it is
    `max_i(|E(x + d_i) - E(x)| / |E(x)|)` by the Euclidean norm, where `r` is `radius` times the
    range `max(x) - min(x)` of the sample. The classes that are explained stay those of the
    sample. A stable explainer has a small figure, and so has one that ignores the sample. It is
    not defined for maps of zeros.

    Args:
        points: Noisy copies of each sample; each is explained anew.
        radius: Largest noise of a pixel, as a share of the range of the sample.
        seed: Of the noise, which is the same for all samples and in all records.

    References:
        Yeh et al., 2019, https://arxiv.org/abs/1901.09392
    """

    name: ClassVar[str] = "max_sensitivity"
    title: ClassVar[str] = "Max-sensitivity"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (0, None)
    about: ClassVar[str] = "Largest change of a map under slight noise, as a share of the map."
    cost: ClassVar[str] = "What the explainer costs, once for each of its points."
    paper: ClassVar[str] = "https://arxiv.org/abs/1901.09392"

    points: int = 10
    radius: float = 0.02
    seed: int = 0

    @override
    def check(self, layers: LayerTable) -> None:
        check_points(self, points=self.points)
        if not 0 < self.radius < float("inf"):
            raise ValueError(
                "Noise is a finite share of the range of a sample, above 0, such as 0.02. "
                f"Received: {self!r}"
            )
        if self.seed < 0:
            raise ValueError(f"A seed is a whole number of at least 0. Received: {self!r}")

    @override
    def misfit(self, explainer: Explainer | None) -> str | None:
        if explainer is not None:
            return None
        return "MaxSensitivity explains anew; say what made the maps, as explainer=tbx.GradCAM()"

    @override
    def measure(self, model: ExplainedModel, ops: Any) -> Measured:
        maps = model.explanation.values
        largest = np.zeros(len(maps))
        with np.errstate(invalid="ignore"):  # Maps that are not finite have no figure.
            for variant in self._noisy(model.samples, ops):
                largest = np.maximum(largest, _norms(model.anew(variant), maps))
            return ratio(largest, _norms(maps, np.zeros_like(maps)))

    def _noisy(self, samples: Tensor, ops: Any) -> Iterator[Tensor]:
        reach = spread_of(samples, self.radius, ops)
        shape = (1, *(int(size) for size in samples.shape[1:]))
        for point in range(self.points):
            drawn = np.random.default_rng([self.seed, point]).uniform(-1, 1, shape)
            yield samples + reach * ops.convert_to_tensor(drawn.astype(np.float32))


def _norms(maps: Floats, others: Floats) -> npt.NDArray[np.float64]:
    """Returns the Euclidean distance of each two maps."""
    apart = (maps.astype(np.float64) - others).reshape(len(maps), -1)
    return np.sqrt((apart**2).sum(axis=1))
