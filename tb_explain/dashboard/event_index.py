"""Index of all runs: which records exist and where they lie, kept up to date while they grow."""

import posixpath
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import final

from tb_explain.dashboard.remote_storage import storage_for
from tb_explain.dashboard.roots import Root
from tb_explain.dashboard.run import Run, RunFiles
from tb_explain.dashboard.storage import Found, MissingError, Storage, UnreadableError

_LEAST_INTERVAL = 1.0
_REST = 10.0
_FIRST_RUNS = 3
"""So many runs are worth showing before the others are read: those that the tab opens with."""
_PUBLISHED_EVERY = 1.0

_Key = tuple[Root, str]
Listener = Callable[["Snapshot"], None]


@dataclass(frozen=True)
class Snapshot:
    """All runs at one moment.

    Attributes:
        change: Counts how often anything changed.
        runs: The runs by name.
        problem: One sentence about a log directory that cannot be read, or `None`.
        unread: How many directories of runs were found but not read yet.
    """

    change: int = 0
    runs: Mapping[str, Run] = field(default_factory=dict[str, Run])
    problem: str | None = None
    unread: int = 0


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
        pause: Called before each record that is looked for; returns when that may go on.
    """

    def __init__(
        self,
        roots: tuple[Root, ...],
        *,
        problem: str | None = None,
        storage_of: Callable[[str], Storage] = storage_for,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.snapshot = Snapshot(problem=problem)
        self._roots = roots
        self._problem = problem
        self._storage_of = storage_of
        self._clock = clock
        self._pause = pause
        self._lock = threading.Lock()
        self._due = 0.0
        self._is_first = True
        self._is_usable = threading.Event()
        self._published_at = 0.0
        self._files: dict[_Key, RunFiles] = {}
        self._unread: set[_Key] = set()

    def refresh(self, then: Listener = lambda _: None) -> Snapshot:
        """Looks for new records, unless that was done a moment ago or is being done.

        A long look, the first one aside, is followed by a rest ten times as long, so that a huge
        log directory on a slow disk does not keep TensorBoard busy. Who does not look himself
        waits for the first runs only.

        Args:
            then: Called in the same thread with the first runs, before others are read.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._look_if_due(then)
            finally:
                self._is_usable.set()
                self._lock.release()
        self._is_usable.wait()
        return self.snapshot

    def refresh_soon(self, then: Listener) -> None:
        """Looks for new records in the background, unless that is being done.

        Args:
            then: Called with the first runs and with all of them, in the same thread.
        """
        if not self._lock.locked() and (self._is_first or self._clock() >= self._due):
            look = partial(self._refresh_and, then)
            threading.Thread(target=look, name="tb_explain index", daemon=True).start()

    def _refresh_and(self, then: Listener) -> None:
        then(self.refresh(then))

    def _look_if_due(self, then: Listener) -> None:
        started = self._clock()
        if not self._is_first and started < self._due:
            return
        self._look(started, then)
        finished = self._clock()
        rest = 0.0 if self._is_first else _REST * (finished - started)
        self._due = finished + max(_LEAST_INTERVAL, rest)
        self._is_first = False

    def _look(self, now: float, then: Listener) -> None:
        listed, problem = self._listed()
        is_changed = self._follow(listed)
        for key in sorted(listed, key=lambda key: (-_modified(listed[key]), key[1])):
            if listed[key]:
                is_changed |= self._files[key].update(listed[key], now)
            self._unread.discard(key)
            if self._unread and is_changed and self._is_worth_showing():
                is_first, is_changed = not self._is_usable.is_set(), False
                self._publish(problem)
                if is_first:
                    then(self.snapshot)
        if is_changed or (problem, 0) != (self.snapshot.problem, self.snapshot.unread):
            self._publish(problem)

    def _listed(self) -> tuple[dict[_Key, list[Found]], str | None]:
        """Returns the event files by directory, none where that cannot be known, and a problem."""
        problems = [self._problem] if self._problem else []
        listed: dict[_Key, list[Found]] = {}
        for root in self._roots:
            found, problem = self._found(root)
            listed |= found
            if problem:
                problems.append(problem)
        return listed, problems[0] if problems else None

    def _found(self, root: Root) -> tuple[dict[_Key, list[Found]], str | None]:
        found: dict[_Key, list[Found]] = {}
        try:
            for file in self._storage_of(root.path).list(root.path):
                found.setdefault((root, file.directory), []).append(file)
        except MissingError as error:
            return {}, str(error)
        except UnreadableError as error:
            return {key: [] for key in self._files if key[0] == root}, str(error)
        return found, None

    def _follow(self, listed: Iterable[_Key]) -> bool:
        """Begins with new directories and drops those that are gone; says whether any is."""
        gone = self._files.keys() - set(listed)
        for key in gone:
            del self._files[key]
        self._unread -= gone
        for key in listed:
            if key not in self._files:
                self._files[key] = self._followed(*key)
                self._unread.add(key)
        return bool(gone)

    def _is_worth_showing(self) -> bool:
        if not self._is_usable.is_set():
            return sum(_is_shown(files.run) for files in self._files.values()) >= _FIRST_RUNS
        return self._clock() - self._published_at >= _PUBLISHED_EVERY

    def _publish(self, problem: str | None) -> None:
        runs = [files.run for files in self._files.values()]
        by_name = {
            run.name: run for run in sorted(runs, key=lambda run: run.name) if _is_shown(run)
        }
        self.snapshot = Snapshot(self.snapshot.change + 1, by_name, problem, len(self._unread))
        self._published_at = self._clock()
        self._is_usable.set()

    def _followed(self, root: Root, directory: str) -> RunFiles:
        name = root.run_name(directory)
        if any(other.run.name == name for other in self._files.values()):
            name = posixpath.join(root.path, directory)
        return RunFiles(name, self._storage_of(root.path), self._pause)


def _is_shown(run: Run) -> bool:
    return bool(run.tags or run.problem)


def _modified(files: Iterable[Found]) -> float:
    return max((file.modified for file in files), default=0.0)
