"""Tables that were asked for lately, as they are sent."""

import threading
from collections import OrderedDict
from typing import final

from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.run import Run
from tb_explain.dashboard.table_block import table_block

_Key = tuple[str, str, str, int, int]


@final
class TableCache:
    """Keeps packed tables up to a number of bytes, the latest of each tag only.

    Args:
        heads: Reads the heads of records.
        budget: Bytes to keep.
    """

    def __init__(self, heads: HeadCache, budget: int) -> None:
        self._heads = heads
        self._budget = budget
        self._tables: OrderedDict[tuple[str, str], tuple[_Key, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def packed(self, run: Run, tag: str) -> bytes:
        """Returns the block of a table; see `table_block`."""
        steps = run.tags[tag]
        key = (run.name, run.version, tag, len(steps), max(steps, default=-1))
        with self._lock:
            known, table = self._tables.get((run.name, tag), (None, b""))
        if known == key:
            return table
        table = table_block(run, tag, self._heads)
        with self._lock:
            self._keep(key, table)
        return table

    def _keep(self, key: _Key, table: bytes) -> None:
        name, _, tag, *_ = key
        self._tables.pop((name, tag), None)
        self._tables[name, tag] = (key, table)
        while sum(len(kept) for _, kept in self._tables.values()) > self._budget:
            self._tables.popitem(last=False)
