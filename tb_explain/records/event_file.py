"""Event files: where the records of a writer go."""

import errno
import os
import re
import secrets
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import FileIO
from typing import Protocol

from tb_explain.records.framing import end_record, version_record
from tb_explain.records.remote import Store, open_store

SUFFIX = ".tb_explain"
REMOTE_FILE_BYTES = 32 * 2**20  # An object store takes whole files, so each flush sends one anew.


@dataclass(frozen=True)
class Entry:
    """One record on its way to a file: its step, and the framed event."""

    step: int
    record: bytes


class EventFile(Protocol):
    """A new event file, made at the first record."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Writes records so that others can read them.

        Raises:
            OSError: If they could not be written.
        """
        ...

    def close(self) -> None:
        """Says in the file that it is complete, and lets go of it.

        Raises:
            OSError: If that could not be written.
        """
        ...


def open_event_file(directory: str) -> EventFile:
    """Returns a file in a local directory, or at an address such as `gs://bucket/logs`.

    Raises:
        ValueError: If nothing is installed that reaches the address.
    """
    if "://" in directory:
        return RemoteFile(directory, open_store(directory))
    return LocalFile(directory)


def file_name(names: Iterable[str], now: float) -> str:
    """Returns a name that sorts behind the event files that are there.

    The time in it is that of the newest file plus a second if the clock does not say more, so
    the order of names is the order of writing, which decides what a restart replaces.

    Args:
        names: Names in the directory.
        now: Seconds since 1970.
    """
    stamps = [re.match(r"events\.out\.tfevents\.(\d{10})\.", name) for name in names]
    newest = max((int(stamp[1]) for stamp in stamps if stamp), default=0)
    host = re.sub(r"[^\w-]", "-", socket.gethostname()) or "localhost"
    stamp = max(int(now), newest + 1)
    return f"events.out.tfevents.{stamp:010d}.{host}.{os.getpid()}.{secrets.token_hex(4)}{SUFFIX}"


class LocalFile:
    """An event file in a local directory; each record is visible as soon as it is written."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._file: FileIO | None = None

    def append(self, entries: Sequence[Entry]) -> None:
        file = self._file or self._create()
        if os.fstat(file.fileno()).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, "the event file was removed")
        for entry in entries:
            _write(file, entry.record)

    def close(self) -> None:
        if self._file is None:
            return
        with self._file as file:
            _write(file, end_record(time.time()))

    def _create(self) -> FileIO:
        os.makedirs(self._directory, exist_ok=True)
        now = time.time()
        path = os.path.join(self._directory, file_name(os.listdir(self._directory), now))
        self._file = FileIO(path, "xb")
        _write(self._file, version_record(now))
        return self._file


def _write(file: FileIO, content: bytes) -> None:
    """Writes all of it: an unbuffered file may take a part."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) or 0 :]


class RemoteFile:
    """Event files in an object store, which cannot append.

    All records that wait are sent at once, with those of the same file that were sent before. A
    file that has become large is followed by a new one, which starts with a new step: a reader
    takes the first step of a file as the place from which it replaces older files.
    """

    def __init__(self, directory: str, store: Store) -> None:
        self._directory = directory.rstrip("/")
        self._store = store
        self._content = bytearray()
        self._path = ""
        self._step = 0

    def append(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            full = len(self._content) >= REMOTE_FILE_BYTES and entry.step != self._step
            if full:
                self._send()
            if full or not self._path:
                self._start()
            self._content += entry.record
            self._step = entry.step
        self._send()

    def close(self) -> None:
        if self._content:
            self._content += end_record(time.time())
            self._send()
            self._content.clear()

    def _start(self) -> None:
        now = time.time()
        name = file_name(self._store.names(self._directory), now)
        self._path = f"{self._directory}/{name}"
        self._content = bytearray(version_record(now))

    def _send(self) -> None:
        self._store.write(self._path, bytes(self._content))
