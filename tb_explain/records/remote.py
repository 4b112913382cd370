"""Addresses such as `gs://bucket/logs`, through fsspec or TensorFlow where they are installed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportMissingImports=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportMissingModuleSource=false
import importlib.util
from typing import Any, Protocol


class Store(Protocol):
    """A place that takes whole files."""

    def names(self, directory: str) -> list[str]:
        """Returns the names in a directory; none if there is no such directory."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Writes a file, in place of one that is there."""
        ...


def open_store(directory: str) -> Store:
    """Returns the store of an address.

    fsspec comes first, so that TensorFlow is imported only where nothing else reaches it.

    Raises:
        ValueError: If nothing is installed that reaches it; names what to install.
    """
    scheme = directory.split("://")[0]
    reason = "fsspec is not installed"
    if importlib.util.find_spec("fsspec"):
        import fsspec

        try:
            return FsspecStore(fsspec.filesystem(scheme))
        except (ImportError, ValueError) as error:
            reason = str(error)
    if importlib.util.find_spec("tensorflow"):
        from tensorflow.io import gfile

        if scheme in gfile.get_registered_schemes():
            return GfileStore(gfile)
    raise ValueError(
        f"Writing to {scheme}:// takes fsspec with its package for {scheme} (gcsfs for gs, s3fs "
        f"for s3), or a TensorFlow that knows it; write to a local directory otherwise. {reason}. "
        f"Received: {directory!r}"
    )


class FsspecStore:
    """Files through fsspec."""

    def __init__(self, files: Any) -> None:
        self._files = files

    def names(self, directory: str) -> list[str]:
        self._files.invalidate_cache()
        if not self._files.exists(directory):
            return []
        return [str(path).rsplit("/", 1)[-1] for path in self._files.ls(directory, detail=False)]

    def write(self, path: str, content: bytes) -> None:
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        self._files.pipe_file(path, content)


class GfileStore:
    """Files through TensorFlow."""

    def __init__(self, gfile: Any) -> None:
        self._gfile = gfile

    def names(self, directory: str) -> list[str]:
        if not self._gfile.exists(directory):
            return []
        return [str(name).rstrip("/") for name in self._gfile.listdir(directory)]

    def write(self, path: str, content: bytes) -> None:
        self._gfile.makedirs(path.rsplit("/", 1)[0])
        with self._gfile.GFile(path, "wb") as file:
            file.write(content)
