"""When a cause begins and ends: so many records in a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from tb_explain.alerts.rule import Sign


@dataclass
class _Streak:
    length: int = 0
    since: int = 0
    is_on: bool = False


@final
class Streaks:
    """Counts for each cause the records in a row that speak against its present state.

    Args:
        on_after: Records in a row that turn a cause on.
        off_after: Records in a row that turn it off.
    """

    def __init__(self, on_after: int, off_after: int) -> None:
        self._on_after = on_after
        self._off_after = off_after
        self._streaks: dict[str, _Streak] = {}

    def see(self, step: int, signs: Iterable[Sign]) -> list[tuple[Sign, int]]:
        """Returns the signs of the causes that turn on or off, each with the start of its row.

        Args:
            step: Step of the record.
            signs: What the record says of each cause; a cause without a sign stays as it was.
        """
        turned: list[tuple[Sign, int]] = []
        for sign in signs:
            streak = self._streaks.get(sign.cause) or _Streak()
            if sign.is_wrong == streak.is_on:
                streak.length = 0
            elif self._counts(streak, step):
                turned.append((sign, streak.since))
            if streak.is_on or streak.length:
                self._streaks[sign.cause] = streak
            else:
                self._streaks.pop(sign.cause, None)
        return turned

    def _counts(self, streak: _Streak, step: int) -> bool:
        """Counts a record against the present state, and returns whether it turns."""
        if not streak.length:
            streak.since = step
        streak.length += 1
        if streak.length < (self._off_after if streak.is_on else self._on_after):
            return False
        streak.is_on, streak.length = not streak.is_on, 0
        return True
