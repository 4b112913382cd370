"""Index of all runs: which records exist and where they lie, kept up to date while they grow."""

import posixpath
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import final

from tb_explain.dashboard.roots import Root
from tb_explain.dashboard.run import Run, RunFiles
from tb_explain.dashboard.storage import (
    Found,
    MissingError,
    Storage,
    UnreadableError,
    storage_for,
)

_LEAST_INTERVAL = 1.0
_REST = 10.0


@dataclass(frozen=True)
class Snapshot:
    """All runs at one moment.

    Attributes:
        change: Counts how often anything changed.
        runs: The runs by name.
        problem: One sentence about a log directory that cannot be read, or `None`.
    """

    change: int = 0
    runs: Mapping[str, Run] = field(default_factory=dict[str, Run])
    problem: str | None = None


@final
class EventIndex:
    """Finds the records of all runs. Payloads stay on disk.

    Requests read `snapshot`, which is replaced as a whole; only one thread at a time looks for
    new records.

    Args:
        roots: The log directories.
        problem: Sentence to answer with when there is no log directory to read.
        storage_of: Returns what reads a log directory.
        clock: Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        roots: tuple[Root, ...],
        *,
        problem: str | None = None,
        storage_of: Callable[[str], Storage] = storage_for,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.snapshot = Snapshot(problem=problem)
        self._roots = roots
        self._problem = problem
        self._storage_of = storage_of
        self._clock = clock
        self._lock = threading.Lock()
        self._due = 0.0
        self._is_first = True
        self._files: dict[tuple[Root, str], RunFiles] = {}

    def refresh(self) -> Snapshot:
        """Looks for new records, unless that was done a moment ago or is being done.

        A long look is followed by a rest ten times as long, so that a huge log directory on a
        slow disk does not keep TensorBoard busy. Only the first look is waited for.
        """
        if not self._lock.acquire(blocking=self._is_first):
            return self.snapshot
        try:
            started = self._clock()
            if self._is_first or started >= self._due:
                self.snapshot = self._look(started)
                finished = self._clock()
                self._due = finished + max(_LEAST_INTERVAL, _REST * (finished - started))
                self._is_first = False
        finally:
            self._lock.release()
        return self.snapshot

    def refresh_soon(self, then: Callable[[Snapshot], None]) -> None:
        """Looks for new records in the background.

        Args:
            then: Called with what was found, in the same thread.
        """
        if self._is_first or self._clock() >= self._due:
            look = partial(self._refresh_and, then)
            threading.Thread(target=look, name="tb_explain index", daemon=True).start()

    def _refresh_and(self, then: Callable[[Snapshot], None]) -> None:
        then(self.refresh())

    def _look(self, now: float) -> Snapshot:
        problems = [self._problem] if self._problem else []
        is_changed = False
        seen: set[tuple[Root, str]] = set()
        for root in self._roots:
            try:
                listed = self._listed(root)
            except MissingError as error:
                problems.append(str(error))
                continue
            except UnreadableError as error:
                problems.append(str(error))
                seen |= {key for key in self._files if key[0] == root}
                continue
            for directory, files in listed.items():
                key = (root, directory)
                seen.add(key)
                is_changed |= self._update(key, files, now)
        for key in self._files.keys() - seen:
            del self._files[key]
            is_changed = True
        problem = problems[0] if problems else None
        previous = self.snapshot
        if not is_changed and problem == previous.problem:
            return previous
        return Snapshot(previous.change + 1, self._runs(), problem)

    def _listed(self, root: Root) -> dict[str, list[Found]]:
        directories: dict[str, list[Found]] = {}
        for found in self._storage_of(root.path).list(root.path):
            directories.setdefault(found.directory, []).append(found)
        return directories

    def _update(self, key: tuple[Root, str], files: list[Found], now: float) -> bool:
        root, directory = key
        if key not in self._files:
            name = root.run_name(directory)
            taken = {other.run.name for other in self._files.values()}
            if name in taken:
                name = posixpath.join(root.path, directory)
            self._files[key] = RunFiles(name, self._storage_of(root.path))
        return self._files[key].update(files, now)

    def _runs(self) -> dict[str, Run]:
        runs = [files.run for files in self._files.values()]
        return {
            run.name: run
            for run in sorted(runs, key=lambda run: run.name)
            if run.tags or run.problem
        }
