"""Reads ahead what the tab asks for first, while nobody waits."""

from contextlib import suppress
from typing import Final

from tb_explain.dashboard.block import TooLargeError
from tb_explain.dashboard.event_index import Snapshot
from tb_explain.dashboard.extents import Extents
from tb_explain.dashboard.listing import Heads
from tb_explain.dashboard.query import UnknownError
from tb_explain.dashboard.run import Run
from tb_explain.dashboard.table_cache import TableCache

_RUNS: Final = 3
"""So many runs are chosen when the tab opens: the newest."""
_STEPS: Final = 3000
"""A longer run would push the heads of others out of the caches."""
_PREDICTION: Final = "prediction"
_FIRST_KINDS: Final = ("attribution", "attention")
"""What the first view shows."""


def likely(snapshot: Snapshot) -> list[Run]:
    """Returns the runs that the tab will ask for, as far as reading them ahead is cheap."""
    newest = sorted(snapshot.runs.values(), key=lambda run: run.last_time or 0, reverse=True)
    return [run for run in newest[:_RUNS] if run.storage.is_local and len(run.steps) <= _STEPS]


def read_ahead(run: Run, heads: Heads, tables: TableCache, extents: Extents) -> None:
    """Reads the time axis, the predictions, and of each tag the newest record and the scales."""
    heads.progress(run)
    if _PREDICTION in run.tags:
        with suppress(UnknownError, TooLargeError):
            tables.packed(run, _PREDICTION)
    for tag in run.tags:
        newest = heads.newest(run, tag)
        if newest is not None and newest.get("kind") in _FIRST_KINDS:
            extents.block(run, tag, is_quick=True)
