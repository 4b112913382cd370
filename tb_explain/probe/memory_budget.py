"""How much memory an explanation may take."""

from typing import Final

MEMORY_BUDGET: Final = 2**30
"""Bytes, by default."""


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
