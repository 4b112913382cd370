"""Heads of records that were read lately."""

import threading
from collections import OrderedDict
from typing import final

from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.record_head import Head, RecordError, read_head
from tb_explain.dashboard.storage import Storage

_PARSED_BYTES = 6
"""Bytes that one byte of JSON takes as Python objects, about."""


@final
class HeadCache:
    """Keeps the heads that were asked for last, up to a number of bytes.

    Args:
        budget: Bytes to keep, about.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._heads: OrderedDict[Place, Head] = OrderedDict()
        self._lock = threading.Lock()

    def head(self, storage: Storage, place: Place) -> Head:
        """Returns the head of a record.

        Raises:
            RecordError: If it is damaged or was written by a newer version.
            OSError: If the file cannot be read.
        """
        with self._lock:
            head = self._heads.get(place)
            if head is not None:
                self._heads.move_to_end(place)
                return head
        head = read_head(storage, place)
        with self._lock:
            if place not in self._heads:
                self._heads[place] = head
                self._used += _PARSED_BYTES * head.header_bytes
            while self._used > self._budget and len(self._heads) > 1:
                _, dropped = self._heads.popitem(last=False)
                self._used -= _PARSED_BYTES * dropped.header_bytes
        return head

    def find(self, storage: Storage, place: Place) -> Head | None:
        """Returns the head of a record, or `None` if it cannot be read."""
        try:
            return self.head(storage, place)
        except (RecordError, OSError):
            return None
