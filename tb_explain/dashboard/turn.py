"""Who reads now: one request after the other, and the background while there is none."""

import threading
import time
from types import TracebackType
from typing import Final, final

_SLICE: Final = 0.02
"""Seconds that the background goes on before it looks whether a request has come."""
_QUIET: Final = 0.25
"""Seconds after a request in which the next one is likely."""
_LONGEST_PAUSE: Final = 1.0


@final
class Turn:
    """A lock that requests take in turn, and to which work in the background gives way.

    Threads that hand the interpreter to each other at every small read slow each other down
    several times over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._there = 0
        self._is_free = threading.Event()
        self._is_free.set()
        self._left_at = 0.0
        self._granted_until = 0.0

    def __enter__(self) -> None:
        with self._counting:
            self._there += 1
            self._is_free.clear()
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
        with self._counting:
            self._there -= 1
            self._left_at = time.monotonic()
            if not self._there:
                self._is_free.set()

    def give_way(self) -> None:
        """Waits while requests come one after the other, a second at most; for the background."""
        now = time.monotonic()
        if now < self._granted_until:
            return
        deadline = now + _LONGEST_PAUSE
        while now < deadline:
            if not self._is_free.wait(deadline - now):
                break
            now = time.monotonic()
            rest = min(self._left_at + _QUIET, deadline) - now
            if rest <= 0:
                break
            time.sleep(rest)
        self._granted_until = time.monotonic() + _SLICE
