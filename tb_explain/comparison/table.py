"""A check in words, and as a table."""

import math
from collections.abc import Sequence
from typing import Final

from tb_explain.alerts.words import counted
from tb_explain.comparison.result import DRIFT, MASS, VANISHED, Check, Compared

_SHOWN: Final = 40
_HEAD: Final[tuple[str, ...]] = (
    "drift",
    "mass in A",
    "mass in B",
    "predicted",
    "sample",
    "moved by",
)
_NUMBERS: Final = 3
_LONGEST: Final = 40


def summary(check: Check) -> str:
    """Returns in one line what was found."""
    moved, compared = check.moved, len(check.compared)
    parts = [f"{len(moved)} of {counted(compared, 'reason')} moved"]
    if moved:
        most = moved[0]
        parts = [f"{parts[0]}, most that of {most.sample!r} ({_why(most, check)})"]
    if check.changed:
        parts.append(f"{counted(len(check.changed), 'prediction')} changed")
    return ", ".join(parts)


def written(check: Check, *, everything: bool = False) -> str:
    """Returns what was compared, the table of the samples, and what was left out.

    Args:
        check: What was found.
        everything: Whether samples whose reason stayed are in the table too, and all of them.
    """
    rows = check.compared if everything else check.moved
    shown = rows if everything else rows[:_SHOWN]
    table = _table(check, shown) if shown else []
    more = [f"... and {len(rows) - len(shown)} more"] if len(rows) > len(shown) else []
    return "\n".join([*_heads(check), *table, *more, *_remarks(check)])


def _heads(check: Check) -> list[str]:
    pairs = [
        pair.tag_a
        + (f" and {pair.tag_b}" if pair.tag_b != pair.tag_a else "")
        + f" at {pair.step_a} and {pair.step_b}"
        for pair in check.pairs
    ]
    stayed, moved = (len({row.index_a for row in rows}) for rows in (check.compared, check.moved))
    kept = f"{counted(stayed, 'prediction')} stayed, {moved or 'none'} of them for another reason."
    return [f"A  {check.run_a}", f"B  {check.run_b}", *(f"   {pair}" for pair in pairs), kept]


def _table(check: Check, rows: Sequence[Compared]) -> list[str]:
    lines = [_HEAD, *(_cells(row, check) for row in rows)]
    if len(check.pairs) > 1:
        tags = ("maps", *(row.pair.tag_a for row in rows))
        lines = [(*line, tag) for line, tag in zip(lines, tags, strict=True)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["", *(_line(line, widths) for line in lines)]


def _cells(row: Compared, check: Check) -> tuple[str, ...]:
    figures = map(_figure, (row.drift, row.mass_a, row.mass_b))
    predicted = _shortened(row.predicted or "-")
    return *figures, predicted, _shortened(row.sample), _why(row, check)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if place < _NUMBERS else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()


def _why(row: Compared, check: Check) -> str:
    words = {
        DRIFT: f"drift {_figure(row.drift)} > {check.thresholds.drift:g}",
        MASS: f"mass fell by {_figure(row.mass_a - row.mass_b)} > {check.thresholds.mass:g}",
        VANISHED: "nothing left in B",
    }
    return ", ".join(words[name] for name in row.moved)


def _remarks(check: Check) -> list[str]:
    remarks: list[str] = []
    if check.changed:
        fails = "" if check.predictions else ", which does not fail this check"
        remarks.append(f"{counted(len(check.changed), 'prediction')} changed{fails}.")
    whys = [each.why for each in check.left_out]
    remarks += [f"{whys.count(why)} not compared: {why}." for why in dict.fromkeys(whys)]
    only = {"A": check.only_a, "B": check.only_b}
    remarks += [
        f"{counted(count, 'sample')} only in {side}." for side, count in only.items() if count
    ]
    remarks += check.notes
    return ["", *remarks] if remarks else []


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."


def _figure(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"
