"""Records in object stores, and disks that take nothing."""

import threading

import fsspec
import pytest
from event_files import steps_of
from fsspec.implementations.memory import MemoryFileSystem
from writer_checks import BLOBS, assert_warns_once, write

from tb_explain.records import RecordWriter
from tb_explain.records import writer as writer_module


class StuckFileSystem(MemoryFileSystem):
    """A store that takes nothing until it is told to."""

    protocol = "stuck"
    released: threading.Event

    def pipe_file(self, path, value, **options):
        self.released.wait()


@pytest.fixture
def stuck(monkeypatch):
    fsspec.register_implementation("stuck", StuckFileSystem, clobber=True)
    StuckFileSystem.released = threading.Event()
    monkeypatch.setattr(writer_module, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(writer_module, "QUEUE_BYTES", 1000)
    yield "stuck://bucket/explain"
    StuckFileSystem.released.set()


def test_stuck_disk_blocks_for_a_bounded_time(stuck):
    """When nothing is written for a while, the training is let go on, with one warning."""
    writer = RecordWriter(stuck)

    assert_warns_once(writer, lambda: write(writer, *range(20)), "nothing could be written for")


def test_close_does_not_hang(stuck):
    """Closing gives up on a disk that takes nothing."""
    writer = RecordWriter(stuck)
    write(writer, 0)

    assert_warns_once(writer, writer.close, "the last records took more than")


def remote_files(address):
    return sorted(fsspec.filesystem("memory").ls(address, detail=False))


def test_remote_files_are_sent_whole(tmp_path):
    """An object store gets the whole file at each flush, and a new file when one is large."""
    writer = RecordWriter("memory://bucket/explain")
    for step in range(3):
        write(writer, step)
        writer.flush()
    (path,) = remote_files("memory://bucket/explain")
    copy = tmp_path / path.rsplit("/", 1)[-1]
    copy.write_bytes(fsspec.filesystem("memory").cat_file(path))
    writer.close()

    assert steps_of(tmp_path) == {"tag": [0, 1, 2]}


def test_large_remote_file_is_followed_by_another(tmp_path, monkeypatch):
    """A new remote file starts with a new step, so that nothing of a step is replaced."""
    monkeypatch.setattr("tb_explain.records.event_file.REMOTE_FILE_BYTES", 1500)
    writer = RecordWriter("memory://other/explain")
    for step in range(4):
        for tag in ("a", "b"):
            writer.write(tag, step, float(step), BLOBS)
            writer.flush()
    writer.close()
    files = remote_files("memory://other/explain")
    for path in files:
        content = fsspec.filesystem("memory").cat_file(path)
        (tmp_path / path.rsplit("/", 1)[-1]).write_bytes(content)

    assert len(files) == 2
    assert steps_of(tmp_path) == {"a": [0, 1, 2, 3], "b": [0, 1, 2, 3]}


@pytest.mark.parametrize("scheme", ["nowhere", "gs"])
def test_unknown_address_is_refused(scheme, monkeypatch):
    """An address that nothing installed reaches is an error that names what to install."""
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "tensorflow" else object()
    )

    with pytest.raises(ValueError, match=f"takes fsspec with its package for {scheme}"):
        RecordWriter(f"{scheme}://bucket/logs")
