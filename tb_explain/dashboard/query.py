"""What a request asks for, checked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SPANS = re.compile(r"\d{1,16}(-\d{1,16})?(,\d{1,16}(-\d{1,16})?)*", re.ASCII)
_COARSEST_POOL = 64
_SHOWN_CHARACTERS = 80


class QueryError(ValueError):
    """A request makes no sense; the message is a sentence that says what would."""


class UnknownError(LookupError):
    """A request asks for something that is not there; the message is a sentence."""


@dataclass(frozen=True)
class Spans:
    """Ranges of whole numbers, such as `0-39` or `3,5`.

    Attributes:
        ranges: First and last number of each range, or `None` for all numbers.
    """

    ranges: tuple[tuple[int, int], ...] | None

    def choose(self, numbers: Sequence[int]) -> list[int]:
        """Returns those of the given ascending numbers that lie in a range, ascending."""
        if self.ranges is None:
            return list(numbers)
        chosen: set[int] = set()
        for first, last in self.ranges:
            chosen.update(numbers[bisect_left(numbers, first) : bisect_right(numbers, last)])
        return sorted(chosen)

    @property
    def last(self) -> int | None:
        """The largest number that is asked for, or `None` for all numbers."""
        return None if self.ranges is None else max(last for _, last in self.ranges)


@dataclass(frozen=True)
class Query:
    """The parameters of a request.

    Attributes:
        parameters: Values by name, the first of each.
    """

    parameters: Mapping[str, str]

    def text(self, name: str) -> str:
        """Returns a parameter that has to be given.

        Raises:
            QueryError: If it is missing.
        """
        value = self.parameters.get(name)
        if value is None:
            raise QueryError(f"The request needs the parameter '{name}'.")
        return value

    def spans(self, name: str) -> Spans:
        """Returns ranges of whole numbers; all numbers when they are not given or `all`.

        Raises:
            QueryError: If the parameter is no list of ranges.
        """
        value = self.parameters.get(name, "all")
        if value == "all":
            return Spans(None)
        if not _SPANS.fullmatch(value):
            raise QueryError(
                f"'{name}' must be 'all' or whole numbers and ranges such as 0-39 or 3,5. "
                f"Received: {shown(value)}"
            )
        ranges: list[tuple[int, int]] = []
        for part in value.split(","):
            first, _, last = part.partition("-")
            ranges.append((int(first), int(last or first)))
        return Spans(tuple(ranges))

    def names(self, name: str) -> list[str]:
        """Returns names that are separated by commas, none by default."""
        return [part for part in self.parameters.get(name, "").split(",") if part]

    def is_set(self, name: str) -> bool:
        """Whether a switch is on, `name=1`."""
        return self.parameters.get(name) == "1"

    def pool(self) -> int:
        """Returns by how much rows and columns are to be reduced, 1 by default.

        Raises:
            QueryError: If it is no whole number from 1 to 64.
        """
        value = self.parameters.get("pool", "1")
        if not re.fullmatch(r"[0-9]{1,2}", value) or not 1 <= int(value) <= _COARSEST_POOL:
            raise QueryError(
                f"'pool' must be a whole number from 1 to {_COARSEST_POOL}. "
                f"Received: {shown(value)}"
            )
        return int(value)


def shown(value: str) -> str:
    """Returns a value from outside as it can stand in a sentence."""
    if len(value) > _SHOWN_CHARACTERS:
        value = value[:_SHOWN_CHARACTERS] + "..."
    return ascii(value)
