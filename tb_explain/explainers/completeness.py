"""What maps add up to, for explainers that say so."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tb_explain.probe.needs import Tensor

if TYPE_CHECKING:
    from tb_explain.probe.queries.queries import Queries


class Complete(ABC):
    """An explainer whose maps divide a score, or a difference of scores, among the pixels."""

    @abstractmethod
    def whole(self, queries: "Queries", ops: Any) -> Tensor:
        """Returns what the sum of each map should be, `(targets, samples)`.

        Args:
            queries: Asks the model, for all targets at once.
            ops: `keras.ops`, or an object with the same functions.
        """


def score_above(baseline: Tensor, queries: "Queries") -> Tensor:
    """Returns how far the scores of the samples are above those of a baseline."""
    at_sample, at_baseline = queries.scores([queries.samples, baseline])
    return at_sample - at_baseline
