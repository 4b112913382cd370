"""What a metric may ask of the model that maps explain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, final

import numpy as np
import numpy.typing as npt

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.host_scores import hosted
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.end_points import KnownEndPoints
from tb_explain.pooling import bilinear
from tb_explain.probe.needs import Tensor

if TYPE_CHECKING:
    from tb_explain.probe.queries.queries import Queries


class ExplainsAnew(Protocol):
    """Makes maps of changed samples, as the maps that are measured were made."""

    def __call__(self, variant: Tensor) -> Floats:
        """Returns the maps of one variant, `(samples, rows, cols, channels)`."""
        ...


@final
@dataclass(frozen=True, eq=False)
class ExplainedModel:
    """The maps of one explainer and target, and the model that they explain.

    There is one map of each sample, in their order. A *variant* is the explained input of all
    samples, changed, `(samples, rows, cols, channels)`. Variants come as an iterable that is read
    as answers are taken; they are batched to the memory budget. Classes and regions of the
    target are those of the unchanged samples, whatever the model says of a variant.

    Attributes:
        model: The Keras model; what changes it has to put everything back.
        explanation: The maps, at their native resolution.
        explainer: What made them, resolved, or `None` where that is not known.
        queries: Asks about all targets of the run, and holds the samples.
        place: Which of its targets the maps are of.
        anew: Makes maps of a variant for this target with the weights of now; asked for the
            unchanged samples, it makes the maps of `explanation` again.
        known: What the maps of a record have in common, so that it is asked once for all.
        randomized: Maps that models of random weights made, by stages and seed; two metrics read
            them.
    """

    model: Any
    explanation: Explanation
    explainer: Explainer | None
    queries: "Queries"
    place: int
    anew: ExplainsAnew
    known: KnownEndPoints = field(default_factory=KnownEndPoints)
    randomized: dict[tuple[int, int], list[Floats]] = field(
        default_factory=dict[tuple[int, int], list[Floats]]
    )

    @property
    def samples(self) -> Tensor:
        """The explained input, `float32` of shape `(samples, rows, cols, channels)`."""
        return self.queries.samples

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of a sample."""
        return int(self.samples.shape[1]), int(self.samples.shape[2])

    @property
    def has_probability(self) -> bool:
        """Whether the target is a class that the model gives a probability."""
        return self.queries.has_probability[self.place]

    @cached_property
    def finite(self) -> npt.NDArray[np.bool_]:
        """Whether all values of each map are finite."""
        return np.asarray(np.isfinite(self.explanation.values).all(axis=(1, 2, 3)))

    @cached_property
    def pixels(self) -> Floats:
        """The maps with one channel, as large as the samples, `(samples, rows, cols)`.

        Channels are averaged. Smaller maps are enlarged bilinearly, as the tab enlarges them.
        Maps that are not finite are zero.
        """
        values = np.where(self.finite[:, None, None, None], self.explanation.values, 0)
        maps = values.mean(axis=3, dtype=np.float64)
        if maps.shape[1:] == self.size:
            return maps.astype(np.float32)
        down, across = (
            bilinear(places, size) for places, size in zip(maps.shape[1:], self.size, strict=True)
        )
        return np.asarray(down @ maps @ across.T, np.float32)

    def scores(self, variants: Iterable[Tensor], ops: Any) -> npt.NDArray[np.float64]:
        """Returns the score of the target for each variant, `(variants, samples)`."""
        return hosted(self.queries.scores(variants), ops)[:, self.place]

    def probabilities(self, variants: Iterable[Tensor], ops: Any) -> npt.NDArray[np.float64]:
        """Returns the probability of the target for each variant, likewise; NaN without one."""
        return hosted(self.queries.probabilities(variants), ops)[:, self.place]
