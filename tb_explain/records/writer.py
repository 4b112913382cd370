"""Writes records to event files, beside the training."""

import os
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final

from tb_explain.records.event_file import Entry, EventFile, open_event_file
from tb_explain.records.framing import blob_record, scalar_record
from tb_explain.records.run_lock import RunLock, WriterBusyError
from tb_explain.records.scalars import Scalars

Blobs = tuple[str, float, Sequence[bytes]]
"""Tag, wall time, header and payloads of one record."""

QUEUE_BYTES: Final = 64 * 2**20
PATIENCE_SECONDS: Final = 60.0


@final
class RecordWriter:
    """Writes the records of one run, in a thread of its own.

    A writer always makes a new event file, at its first record. Every record is on its way to
    readers as soon as the thread has written it. Trouble with the disk never reaches the
    training: the first failure is warned about once, later records are dropped.

    A forked child inherits a writer that does nothing: only the process that made it writes.

    Args:
        directory: The run directory, made if it is missing; also an address such as
            `gs://bucket/logs` where fsspec or TensorFlow reaches it.
        fit: What the writer belongs to, such as one call of `fit`: a writer of an earlier fit
            in the same thread is over and gives way.

    Raises:
        WriterBusyError: If another live writer has the directory.
        ValueError: If nothing is installed that reaches a remote directory.
    """

    def __init__(self, directory: str | os.PathLike[str], *, fit: object = None) -> None:
        self._directory = os.fspath(directory)
        self._warned = False
        self._pump = _Pump(self._directory, fit)
        self._finish = weakref.finalize(self, self._pump.close)
        self._warn()

    @property
    def failure(self) -> str | None:
        """Why no more records are written, or `None` while all is well."""
        return self._pump.failure

    def write(self, tag: str, step: int, wall_time: float, blobs: Sequence[bytes]) -> None:
        """Hands over a record; waits only while 64 MiB of others are unwritten.

        Args:
            tag: Tag of the record.
            step: Step of the record.
            wall_time: Seconds since 1970.
            blobs: Header and payloads.

        Raises:
            ValueError: If the writer is closed.
        """
        record = (tag, wall_time, blobs)
        self.write_later(step, lambda: [record], size=sum(map(len, blobs)))

    def write_later(
        self, step: int, make: Callable[[], Iterable[Blobs | Scalars]], *, size: int
    ) -> None:
        """Hands over records that are still to be made, in the thread of the writer.

        Args:
            step: Step of the records.
            make: Makes tag, wall time and blobs of each, or scalars; called once, after what was
                handed over before.
            size: Bytes that it holds until then, about.

        Raises:
            ValueError: If the writer is closed.
        """
        if not self._pump.is_idle:
            self._pump.put(Later(step, make, size))
        self._warn()

    def flush(self) -> None:
        """Waits until everything handed over is written."""
        self._pump.drain()
        self._warn()

    def close(self) -> None:
        """Writes what is left and lets the next writer in; may be called again."""
        self._finish()
        self._warn()

    def _warn(self) -> None:
        if self.failure is None or self._warned:
            return
        self._warned = True
        warnings.warn(
            f"No more explanations are recorded in {self._directory!r}: {self.failure}. "
            "The training goes on.",
            stacklevel=3,
        )


@dataclass(frozen=True)
class Later:
    """Records that the thread of the writer is to make."""

    step: int
    make: Callable[[], Iterable[Blobs | Scalars]]
    size: int


class _Pump:
    """The queue and the thread of a writer; knows nothing of the writer, so that can be collected.

    Attributes:
        failure: Why nothing more is written, or `None`.
    """

    def __init__(self, directory: str, fit: object) -> None:
        self.failure: str | None = None
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._waiting: list[Later] = []
        self._unwritten = 0
        self._unwritten_bytes = 0
        self._closing = False
        self._lock: RunLock | None = None
        self._thread: threading.Thread | None = None
        file = open_event_file(directory)
        try:
            self._lock = RunLock(directory, fit=fit, give_way=self.close)
        except OSError as error:
            self.failure = _reason(error)
            return
        self._thread = threading.Thread(
            target=self._run, args=(file,), name="tb_explain writer", daemon=True
        )
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether records are dropped: after a failure, and in a forked child."""
        return self.failure is not None or os.getpid() != self._process

    def put(self, entry: Later) -> None:
        with self._changed:
            if self._closing:
                raise ValueError(
                    "A closed writer takes no records; open a new one. "
                    f"Received: a record of step {entry.step}"
                )
            if not self._changed.wait_for(self._has_room, PATIENCE_SECONDS):
                self._fail(f"nothing could be written for {PATIENCE_SECONDS:.0f} seconds")
            if self.failure is None:
                self._waiting.append(entry)
                self._unwritten += 1
                self._unwritten_bytes += entry.size
                self._changed.notify_all()

    def drain(self) -> None:
        if self.is_idle:
            return
        with self._changed:
            self._changed.wait_for(self._is_drained, PATIENCE_SECONDS)

    def close(self) -> None:
        if os.getpid() != self._process:
            return
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        try:
            self._join()
        finally:
            if self._lock is not None:
                self._lock.release()

    def _join(self) -> None:
        if self._thread is None:
            return
        self._thread.join(PATIENCE_SECONDS)
        if self._thread.is_alive():
            self._fail(f"the last records took more than {PATIENCE_SECONDS:.0f} seconds")

    def _has_room(self) -> bool:
        return self._unwritten_bytes < QUEUE_BYTES or self.failure is not None

    def _is_drained(self) -> bool:
        return self._unwritten == 0 or self.failure is not None

    def _has_work(self) -> bool:
        return bool(self._waiting) or self._closing or self.failure is not None

    def _fail(self, reason: str) -> None:
        with self._changed:
            self.failure = self.failure or reason
            self._waiting.clear()
            self._changed.notify_all()

    def _run(self, file: EventFile) -> None:
        try:
            while batch := self._next_batch():
                file.append([made for entry in batch for made in _made(entry)])
                self._written(batch)
        except Exception as error:  # noqa: BLE001 - remote stores raise errors of their own
            self._fail(_reason(error))
        finally:
            _close(file)

    def _next_batch(self) -> list[Later]:
        """Returns the records that wait, at least one; none when the writer ends."""
        with self._changed:
            self._changed.wait_for(self._has_work)
            batch, self._waiting = self._waiting, []
            return batch

    def _written(self, batch: list[Later]) -> None:
        with self._changed:
            self._unwritten -= len(batch)
            self._unwritten_bytes -= sum(entry.size for entry in batch)
            self._changed.notify_all()


def _made(entry: Later) -> Iterable[Entry]:
    return [Entry(entry.step, _framed(entry.step, made)) for made in entry.make()]


def _framed(step: int, made: Blobs | Scalars) -> bytes:
    if isinstance(made, Scalars):
        return scalar_record(step, made)
    tag, wall_time, blobs = made
    return blob_record(tag, step, wall_time, blobs)


def _close(file: EventFile) -> None:
    try:
        file.close()
    except Exception:  # noqa: BLE001 - remote stores raise errors of their own
        return  # Nothing is buffered, so only the word that this is the end is lost.


def _reason(error: Exception) -> str:
    """Returns what the system says, such as `No space left on device`."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error) or type(error).__name__


__all__ = ["RecordWriter", "WriterBusyError"]
