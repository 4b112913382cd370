"""Scores of many changed samples, on the host."""

from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries

_IN_FLIGHT = 16  # Backends that work ahead would hold the changed samples of all questions.

Scores = npt.NDArray[np.float64]


def host_scores(queries: Queries, variants: Iterable[Tensor], ops: Any) -> Scores:
    """Returns the score of each variant, shape `(variants, targets, samples)`.

    Args:
        queries: Asks the model, once per variant.
        variants: Changed samples, read as answers are taken.
        ops: `keras.ops`, or an object with the same functions.
    """
    waiting: deque[Tensor] = deque()
    found: list[Scores] = []
    for scores in queries.scores(variants):
        waiting.append(scores)
        if len(waiting) > _IN_FLIGHT:
            found.append(_hosted(waiting.popleft(), ops))
    found += [_hosted(scores, ops) for scores in waiting]
    return np.stack(found)


def _hosted(scores: Tensor, ops: Any) -> Scores:
    return np.asarray(ops.convert_to_numpy(scores), np.float64)
