"""Answers about many changed samples, on the host."""

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
    return hosted(queries.scores(variants), ops)


def hosted(answers: Iterable[Tensor], ops: Any) -> Scores:
    """Returns answers as one array, `(answers, ...)`, taken while the next are computed."""
    waiting: deque[Tensor] = deque()
    found: list[Scores] = []
    for answer in answers:
        waiting.append(answer)
        if len(waiting) > _IN_FLIGHT:
            found.append(_hosted(waiting.popleft(), ops))
    found += [_hosted(answer, ops) for answer in waiting]
    return np.stack(found)


def _hosted(answer: Tensor, ops: Any) -> Scores:
    return np.asarray(ops.convert_to_numpy(answer), np.float64)
