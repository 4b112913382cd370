"""Indices over log directories, with a clock that tests turn and a count of reads."""

from contextlib import nullcontext
from functools import partial

from tb_explain.dashboard.event_index import EventIndex
from tb_explain.dashboard.roots import Root
from tb_explain.dashboard.storage import LocalStorage


class Clock:
    """A clock that goes on by so much whenever it is read."""

    def __init__(self, seconds=100.0):
        self.now = 0.0
        self.seconds = seconds

    def __call__(self):
        self.now += self.seconds
        return self.now


class CountingStorage:
    """Local files, with a list of the reads and a count of the files opened for many of them."""

    def __init__(self):
        self._files = LocalStorage()
        self.piece = self._files.piece
        self.is_local = self._files.is_local
        self.reads = []
        self.opened_files = 0

    def list(self, root):
        return self._files.list(root)

    def read(self, path, offset, count):
        self.reads.append(count)
        return self._files.read(path, offset, count)

    def opened(self, path):
        self.opened_files += 1
        return nullcontext(partial(self.read, path))


class FailingStorage(CountingStorage):
    """Local files on a disk of which one read fails."""

    def __init__(self, failing):
        super().__init__()
        self._failing = failing

    def read(self, path, offset, count):
        if len(self.reads) == self._failing:
            self.reads.append(count)
            raise OSError(5, "Input/output error")
        return super().read(path, offset, count)


def index_of(directory, *, storage=None, clock=None):
    storages = {"storage_of": lambda root: storage} if storage else {}
    return EventIndex((Root(str(directory), None),), clock=clock or Clock(0), **storages)


def looking_again(index):
    """Returns the run in the log directory after another look."""
    index._due = 0.0
    return index.refresh().runs["."]
