"""How much memory an explanation may take."""

from dataclasses import dataclass
from math import ceil, prod
from typing import Final, final

from tb_explain.probe.structure.layer_table import LayerTable

MEMORY_BUDGET: Final = 2**30
"""Bytes, by default."""

_QUERY_ROWS = 16  # Variants of few samples are asked about together, up to so many rows.
_KEPT_BY_RULES = 3  # Times the outputs of layers: LRP by gamma has two products more for each.


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


@final
@dataclass(frozen=True)
class BatchSizes:
    """How many samples are explained together, so that what all layers put out fits a budget.

    Attributes:
        shared: Samples of a pass that explainers share.
        query: Rows of a query; of few samples as many variants as whole ones fit.
        rule: Samples of a pass back by rules, which keeps what each layer puts out several times.
    """

    shared: int
    query: int
    rule: int


def batch_sizes(layers: LayerTable, samples: int, *, budget: int, fixed: int | None) -> BatchSizes:
    """Returns how many samples are explained together.

    Args:
        layers: The layers of the model.
        samples: Number of samples.
        budget: Bytes.
        fixed: Batch size that the model insists on, or `None`.
    """
    if fixed is not None:
        return BatchSizes(fixed, fixed, fixed)
    rows = [row for row in layers.layers if not row.container]
    bytes_per_sample = 4 * sum(
        (prod(row.shape) + prod(row.attention or (0,))) * max(1, row.calls) for row in rows
    )
    most = max(1, budget // max(1, bytes_per_sample))
    shared, rule = _even(samples, most), _even(samples, max(1, most // _KEPT_BY_RULES))
    whole = max(1, min(most, _QUERY_ROWS) // samples) * samples
    return BatchSizes(shared, whole if shared == samples else shared, rule)


def _even(samples: int, most: int) -> int:
    """Returns the size of batches, at most `most`, that leave few rows to fill up.

    One batch more than are needed is worth that, many small ones are not.
    """
    fewest = ceil(samples / most)
    count = min((fewest, fewest + 1), key=lambda count: count * ceil(samples / count))
    return ceil(samples / count)
