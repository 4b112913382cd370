"""How findings write numbers and names."""

from collections.abc import Sequence


def percent(share: float) -> str:
    """Returns a share in percent: `25 %`; one that is small but not zero as `0.4 %`."""
    shown = 100 * share
    return f"{shown:.0f} %" if shown >= 1 or shown == 0 else f"{shown:.1g} %"


def figure(value: float) -> str:
    """Returns a figure between -1 and 1 as it stands beside a name: `.04`, `1`."""
    digits = f"{abs(value):.2f}"
    short = digits.removeprefix("0") if digits.startswith("0.") else digits.removesuffix(".00")
    return ("−" if value < 0 and short != ".00" else "") + short  # noqa: RUF001 - a minus sign


def counted(count: int, noun: str) -> str:
    """Returns a number with its noun: `1 layer`, `2 layers`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def quoted(name: str) -> str:
    """Returns a name of the user: `“seven”`."""
    return f"“{name}”"


def listed(names: Sequence[str], *, shown: int = 3) -> str:
    """Returns the first names and how many more there are: `a, b, c and 2 more`."""
    names = list(dict.fromkeys(names))
    if len(names) > shown + 1:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
