"""One live writer per run directory."""

import errno
import os
import sys
import threading
from collections.abc import Callable

if sys.platform != "win32":
    import fcntl

LOCK_NAME = ".tb_explain.lock"

# The locks of this process. Where a file system knows no locks, this alone keeps writers apart.
_held: dict[str, "RunLock"] = {}


class WriterBusyError(ValueError):
    """A second writer was opened on a run directory while the first is alive."""


class RunLock:
    """The right to write to one run directory, until it is released or the process ends.

    The kernel keeps the lock and drops it with the process, however that ends, so the empty lock
    file that stays behind blocks nobody. A forked child does not hold the lock of its parent.

    Args:
        directory: The run directory; it is made if it is missing. An address such as
            `gs://bucket/logs` is only kept apart within this process.
        fit: What the writer belongs to, such as one call of `fit`. A thread runs one fit at a
            time, so the writer of an earlier one is over: an exception ended that fit without
            closing it, and it gives way.
        give_way: Ends the writer that holds this lock, and releases the lock.

    Raises:
        WriterBusyError: If another writer, here or in another process, holds it.
        OSError: If the directory cannot be made.
    """

    def __init__(
        self,
        directory: str,
        *,
        fit: object = None,
        give_way: Callable[[], None] | None = None,
    ) -> None:
        self._descriptor: int | None = None
        self._fit = fit
        self._thread = threading.get_ident()
        self._give_way = give_way
        remote = "://" in directory
        self._key = directory if remote else os.path.realpath(directory)
        earlier = _held.get(self._key)
        if earlier is not None:
            self._end_if_over(earlier)
        if _held.setdefault(self._key, self) is not self:
            raise _busy(directory)
        try:
            if not remote:
                os.makedirs(directory, exist_ok=True)
                self._descriptor = _locked(directory)
        except BaseException:
            self.release()
            raise

    def _end_if_over(self, earlier: "RunLock") -> None:
        other_fit = (
            earlier._fit is not None and self._fit is not None and self._fit is not earlier._fit
        )
        if other_fit and earlier._thread == self._thread and earlier._give_way is not None:
            earlier._give_way()

    def release(self) -> None:
        """Lets the next writer in; does nothing if it was let in already."""
        if _held.get(self._key) is self:
            del _held[self._key]
        self.forget()

    def forget(self) -> None:
        """Closes this process's handle; the lock itself stays with the processes that have one."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _busy(directory: str) -> WriterBusyError:
    return WriterBusyError(
        "A run directory has one live writer at a time. Close the other one, or give this one a "
        f'run of its own: name="phase2". Received: directory={directory!r}'
    )


def _locked(directory: str) -> int | None:
    """Returns the descriptor that holds the lock, or `None` where the file system knows none."""
    if sys.platform == "win32":
        return None
    try:
        path = os.path.join(directory, LOCK_NAME)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return None  # A directory that cannot be written shows itself at the first record.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise _busy(directory) from error
        return None
    return descriptor


def _leave_locks_to_parent() -> None:
    for lock in _held.values():
        lock.forget()
    _held.clear()


# A worker that outlives its parent must not keep the parent's lock.
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_leave_locks_to_parent)
