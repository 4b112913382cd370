"""What a check found."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, final

from typing_extensions import override

DRIFT, MASS, VANISHED = "drift", "mass", "vanished"


@final
@dataclass(frozen=True)
class Thresholds:
    """From when on a reason counts as another one.

    Attributes:
        drift: The largest drift that passes.
        mass: The largest fall of the evidence on the object that passes.
    """

    drift: float
    mass: float

    def __post_init__(self) -> None:
        limits = {DRIFT: (self.drift, 2), MASS: (self.mass, 1)}
        for name, (value, largest) in limits.items():
            if not 0 <= value <= largest:
                raise ValueError(
                    f"The threshold of {name} goes from 0 to {largest}. Received: {name}={value!r}"
                )

    def exceeded(self, drift: float, mass_a: float, mass_b: float) -> tuple[str, ...]:
        """Returns which of the figures say that a reason moved."""
        found = {DRIFT: drift > self.drift, MASS: mass_a - mass_b > self.mass}
        return tuple(name for name, is_beyond in found.items() if is_beyond)


class Pair(NamedTuple):
    """Maps of A and the maps of B that they are compared with."""

    tag_a: str
    tag_b: str
    step_a: int
    step_b: int


@final
@dataclass(frozen=True)
class Compared:
    """A sample whose prediction stayed, as both runs explain it.

    Attributes:
        sample: Its name in A.
        index_a: Its place among the samples of A.
        index_b: Its place among those of B.
        pair: The maps.
        predicted: What both predict, or `None` for tasks without classes.
        drift: 1 less the rank correlation of the maps, 0 to 2; NaN where it is not defined.
        mass_a: Share of the evidence on the object in A, NaN without masks.
        mass_b: The same in B.
        moved: Why the reason counts as another one: `"drift"`, `"mass"`, `"vanished"` where B
            has no map left that could be compared; empty where it stayed.
    """

    sample: str
    index_a: int
    index_b: int
    pair: Pair
    predicted: str | None
    drift: float
    mass_a: float
    mass_b: float
    moved: tuple[str, ...]

    @property
    def order(self) -> tuple[bool, float, int]:
        """Sorts the largest drift first; those without one come last, by their place."""
        is_unknown = math.isnan(self.drift)
        return is_unknown, 0.0 if is_unknown else -self.drift, self.index_a


class Changed(NamedTuple):
    """A sample for which B predicts another class."""

    sample: str
    index_a: int
    index_b: int
    step_a: int
    step_b: int
    predicted_a: str | None
    predicted_b: str | None


class LeftOut(NamedTuple):
    """A sample that could not be compared, and why."""

    sample: str
    index_a: int
    index_b: int
    pair: Pair
    why: str


@final
@dataclass(frozen=True, repr=False)
class Check:
    """Which samples keep their prediction for another reason; true if it passed.

    `assert tbx.check(a, b)` fails with one line, `found = tbx.check(a, b)` and
    `assert found, str(found)` with the table.

    Attributes:
        run_a: Where the first run lies.
        run_b: Where the second one lies.
        pairs: The maps that were compared.
        compared: Samples whose prediction stayed, the largest drift first, for each pair.
        changed: Samples whose prediction changed; they fail the check only if that was asked for.
        left_out: Samples that could not be compared.
        only_a: How many samples only the first run has.
        only_b: How many only the second one has.
        thresholds: From when on a reason counts as another one.
        predictions: Whether a prediction that changed fails the check too.
        notes: What one should know about the figures, in sentences.
    """

    run_a: str
    run_b: str
    pairs: tuple[Pair, ...]
    compared: tuple[Compared, ...]
    changed: tuple[Changed, ...]
    left_out: tuple[LeftOut, ...]
    only_a: int
    only_b: int
    thresholds: Thresholds
    predictions: bool
    notes: tuple[str, ...]

    @property
    def moved(self) -> tuple[Compared, ...]:
        """Samples whose prediction stayed, and whose reason moved; the largest drift first."""
        return tuple(each for each in self.compared if each.moved)

    @property
    def passed(self) -> bool:
        """Whether no reason moved and, if that was asked for, no prediction changed."""
        return not self.moved and not (self.predictions and self.changed)

    def __bool__(self) -> bool:
        return self.passed

    @override
    def __str__(self) -> str:
        from tb_explain.comparison.table import written

        return written(self)

    @override
    def __repr__(self) -> str:
        from tb_explain.comparison.table import summary

        return f"<Check {'passed' if self.passed else 'failed'}: {summary(self)}>"

    def as_json(self) -> dict[str, Any]:
        """Returns everything as JSON can hold it; figures that are not defined are `None`."""
        return {
            "passed": self.passed,
            "run_a": self.run_a,
            "run_b": self.run_b,
            "thresholds": asdict(self.thresholds),
            "predictions": self.predictions,
            "pairs": [pair._asdict() for pair in self.pairs],
            "compared": [_plain(_fields(each)) for each in self.compared],
            "changed": [each._asdict() for each in self.changed],
            "left_out": [_plain(each._asdict()) for each in self.left_out],
            "only_a": self.only_a,
            "only_b": self.only_b,
            "notes": list(self.notes),
        }


def _fields(compared: Compared) -> dict[str, Any]:
    found = {field.name: getattr(compared, field.name) for field in fields(compared)}
    return found | {"moved": list(compared.moved)}


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an entry with the fields of its pair among its own, and without NaN."""
    own = {name: value for name, value in entry.items() if name != "pair"}
    numbers = {
        name: None
        for name, value in own.items()
        if isinstance(value, float) and not math.isfinite(value)
    }
    return own | numbers | entry["pair"]._asdict()
