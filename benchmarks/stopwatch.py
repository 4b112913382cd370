"""Measures alternatives side by side, so that what else the machine does meets all alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """The best of several runs, in milliseconds.

    Attributes:
        wall: Time that passed.
        processor: Time of all processor cores; steadier than `wall` where others compute too.
    """

    wall: float
    processor: float


def measure(candidates: Mapping[str, Callable[[], object]], *, repeats: int) -> dict[str, Timing]:
    """Runs each candidate in turn, again and again, and keeps the best of each.

    Args:
        candidates: What to run, by name. Each returns only when its work is done.
        repeats: Rounds after two that warm up.
    """
    taken: dict[str, list[Timing]] = {name: [] for name in candidates}
    for _ in range(repeats + 2):
        for name, run in candidates.items():
            taken[name].append(_timed(run))
    return {
        name: Timing(
            min(timing.wall for timing in timings[2:]),
            min(timing.processor for timing in timings[2:]),
        )
        for name, timings in taken.items()
    }


def row(what: str, timing: Timing, floor: Timing | None = None) -> str:
    """Returns one row of the table, with the ratio to a floor if there is one."""
    times = f"{what} | {timing.wall:.1f} | {timing.processor:.1f}"
    if floor is None:
        return f"{times} | | "
    wall, processor = timing.wall / floor.wall, timing.processor / floor.processor
    return f"{times} | {wall:.2f} | {processor:.2f}"


def _timed(run: Callable[[], object]) -> Timing:
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return Timing(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor))
