"""How much memory an explanation may take."""

from math import ceil, prod
from typing import Final

from tb_explain.probe.structure.layer_table import LayerTable

MEMORY_BUDGET: Final = 2**30
"""Bytes, by default."""

_QUERY_ROWS = 16  # Variants of few samples are asked about together, up to so many rows.


def check_memory_budget(budget: object) -> None:
    """Checks a budget.

    Raises:
        ValueError: If it is no positive number of bytes.
    """
    if not isinstance(budget, int) or isinstance(budget, bool) or budget < 1:
        raise ValueError(
            "`memory_budget` is a number of bytes, such as 2**30. "
            f"Received: memory_budget={budget!r}"
        )


def batch_sizes(
    layers: LayerTable, samples: int, *, budget: int, fixed: int | None
) -> tuple[int, int]:
    """Returns how many samples a shared pass takes, and how many rows a query.

    A query that takes all samples takes as many of their variants as whole ones fit.

    Args:
        layers: The layers of the model, whose outputs must fit the budget together.
        samples: Number of samples.
        budget: Bytes.
        fixed: Batch size that the model insists on, or `None`.
    """
    if fixed is not None:
        return fixed, fixed
    rows = [row for row in layers.layers if not row.container]
    bytes_per_sample = 4 * sum(
        (prod(row.shape) + prod(row.attention or (0,))) * max(1, row.calls) for row in rows
    )
    most = max(1, budget // max(1, bytes_per_sample))
    size = ceil(samples / ceil(samples / most))
    if size < samples:
        return size, size
    return size, max(1, min(most, _QUERY_ROWS) // samples) * samples
