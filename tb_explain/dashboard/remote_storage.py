"""Event files of a remote store, when a library for it is installed."""

import importlib
import posixpath
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from functools import partial
from typing import Any, final

from tb_explain.dashboard.storage import (
    SUFFIX,
    Found,
    LocalStorage,
    MissingError,
    Read,
    Storage,
    UnreadableError,
)


@final
class GfileStorage:
    """Files that TensorFlow reaches: `gs://`, and others with their plugins installed."""

    piece = 2**20
    is_local = False

    def __init__(self, scheme: str) -> None:
        self._gfile: Any = importlib.import_module("tensorflow").io.gfile
        if scheme not in self._gfile.get_registered_schemes():
            raise ValueError(f"TensorFlow reads no {scheme}://")

    def list(self, root: str) -> Iterator[Found]:
        try:
            if not self._gfile.isdir(root):
                raise MissingError(f"The log directory does not exist yet. Received: {root}")
            for directory, _, names in self._gfile.walk(root):
                relative = posixpath.relpath(directory, root)
                for name in map(str, names):
                    if name.endswith(SUFFIX) and not _is_hidden(relative):
                        path = posixpath.join(directory, name)
                        facts = self._gfile.stat(path)
                        modified = float(facts.mtime_nsec) / 1e9
                        yield Found(path, relative, int(facts.length), 0, modified)
        except MissingError:
            raise
        except Exception as error:  # TensorFlow's errors are no OSError
            raise UnreadableError(
                f"The log directory could not be read: {error}. Received: {root}"
            ) from error

    def read(self, path: str, offset: int, count: int) -> bytes:
        try:
            with self._gfile.GFile(path, "rb") as file:
                file.seek(offset)
                return bytes(file.read(count))
        except Exception as error:
            raise OSError(f"{path} could not be read: {error}") from error

    def opened(self, path: str) -> AbstractContextManager[Read]:
        return nullcontext(partial(self.read, path))


@final
class FsspecStorage:
    """Files that fsspec reaches: `s3://`, `gs://`, `abfs://`, and the others it has drivers for."""

    piece = 2**20
    is_local = False

    def __init__(self, scheme: str) -> None:
        self._files: Any = importlib.import_module("fsspec").filesystem(scheme)

    def list(self, root: str) -> Iterator[Found]:
        try:
            base = str(self._files._strip_protocol(root))
            self._files.invalidate_cache(base)
            found: dict[str, dict[str, Any]] = self._files.find(base, detail=True)
        except Exception as error:  # every driver has errors of its own
            raise UnreadableError(
                f"The log directory could not be read: {error}. Received: {root}"
            ) from error
        for path, facts in found.items():
            directory = posixpath.relpath(posixpath.dirname(path), base)
            if path.endswith(SUFFIX) and not _is_hidden(directory):
                yield Found(path, directory, int(facts["size"]), 0, _modified(facts))

    def read(self, path: str, offset: int, count: int) -> bytes:
        try:
            return bytes(self._files.cat_file(path, start=offset, end=offset + count))
        except OSError:
            raise
        except Exception as error:
            raise OSError(f"{path} could not be read: {error}") from error

    def opened(self, path: str) -> AbstractContextManager[Read]:
        return nullcontext(partial(self.read, path))


def _modified(facts: dict[str, Any]) -> float:
    """Returns when a file grew last, by whichever name a driver has for it."""
    names = ("mtime", "LastModified", "last_modified", "updated")
    value = next((facts[name] for name in names if name in facts), None)
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else 0.0


def _is_hidden(directory: str) -> bool:
    parts = directory.split("/")
    return any(part.startswith(".") and part not in (".", "..") for part in parts)


def storage_for(root: str) -> Storage:
    """Returns the storage that reads a log directory.

    Args:
        root: Local path, or a URL such as `gs://bucket/logs`.

    Raises:
        UnreadableError: If no installed library reads URLs of its scheme.
    """
    scheme, separator, _ = root.partition("://")
    if not separator:
        return LocalStorage()
    for library in (FsspecStorage, GfileStorage):
        with suppress(ImportError, ValueError):
            return library(scheme)
    raise UnreadableError(
        f"Nothing installed reads {scheme}://; install fsspec with its driver for {scheme}, or "
        f"TensorFlow. Received: {root}"
    )
