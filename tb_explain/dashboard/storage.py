"""Where event files lie, and how they are read on a local disk."""

import os
import posixpath
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import NamedTuple, Protocol, final

SUFFIX = ".tb_explain"
"""End of the name of every event file that holds records."""
Read = Callable[[int, int], bytes]
"""Returns `(offset, count)` bytes of a file, fewer only at its end."""


class UnreadableError(OSError):
    """A place cannot be read; the message is a sentence for the user."""


class MissingError(UnreadableError):
    """A log directory does not exist."""


class Found(NamedTuple):
    """One event file of a log directory.

    Attributes:
        path: Path or URL to read it by.
        directory: Directory relative to the log directory, with `/`; `.` is the log directory.
        size: Size in bytes.
        identity: Changes when another file takes its place.
        modified: When it grew last, in seconds since 1970; 0 where that is not known.
    """

    path: str
    directory: str
    size: int
    identity: int
    modified: float = 0.0


class Storage(Protocol):
    """What the index needs from a place that holds files."""

    piece: int
    """Bytes worth reading at a time while the heads of records are looked at."""
    is_local: bool
    """Whether a read takes next to no time, so that many small ones are worth no thread."""

    def list(self, root: str) -> Iterator[Found]:
        """Yields the event files under a directory.

        Raises:
            MissingError: If it does not exist, where the storage knows directories.
            UnreadableError: If the directory cannot be listed.
        """
        ...

    def read(self, path: str, offset: int, count: int) -> bytes:
        """Returns `count` bytes at `offset`, fewer only at the end of the file.

        Raises:
            OSError: If the file cannot be read.
        """
        ...

    def opened(self, path: str) -> AbstractContextManager[Read]:
        """Gives what reads one file, for many reads in a row.

        Raises:
            OSError: If the file cannot be opened.
        """
        ...


@final
class LocalStorage:
    """Files of this machine. Reads share no position, so requests do not wait for each other."""

    piece = 512
    is_local = True

    def list(self, root: str) -> Iterator[Found]:
        if not os.path.isdir(root):
            if os.path.exists(root):
                raise UnreadableError(
                    f"The log directory must be a directory, not a file. Received: {root}"
                )
            raise MissingError(f"The log directory does not exist yet. Received: {root}")
        visited: set[tuple[int, int]] = set()
        pending = [(root, ".")]
        while pending:
            path, directory = pending.pop()
            if not _is_first_visit(path, visited):
                continue
            for entry in _entries(path, is_root=directory == "."):
                if entry.name.startswith("."):
                    continue
                if entry.name.endswith(SUFFIX):
                    yield from _found(entry, directory)
                elif _is_directory(entry):
                    pending.append((entry.path, posixpath.join(directory, entry.name)))

    def read(self, path: str, offset: int, count: int) -> bytes:
        descriptor = _open(path)
        try:
            return _read_at(descriptor, offset, count)
        finally:
            os.close(descriptor)

    @contextmanager
    def opened(self, path: str) -> Generator[Read]:
        descriptor = _open(path)
        try:
            yield partial(_read_at, descriptor)
        finally:
            os.close(descriptor)


def _open(path: str) -> int:
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))


def _read_at(descriptor: int, offset: int, count: int) -> bytes:
    if not hasattr(os, "pread"):
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, count)
    data = os.pread(descriptor, count, offset)
    while len(data) < count:
        more = os.pread(descriptor, count - len(data), offset + len(data))
        if not more:
            break
        data += more
    return data


def _is_first_visit(path: str, visited: set[tuple[int, int]]) -> bool:
    """Remembers a directory by its inode, so that a loop of symbolic links ends."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    key = (status.st_dev, status.st_ino)
    if key in visited:
        return False
    visited.add(key)
    return True


def _entries(path: str, *, is_root: bool) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as scan:
            return sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        if is_root:
            raise UnreadableError(
                f"The log directory could not be read: {error.strerror}. Received: {path}"
            ) from error
        return []


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _found(entry: os.DirEntry[str], directory: str) -> Iterator[Found]:
    try:
        status = entry.stat()
    except OSError:
        return
    if stat.S_ISREG(status.st_mode):
        yield Found(
            entry.path,
            posixpath.normpath(directory),
            status.st_size,
            status.st_ino,
            status.st_mtime,
        )
