"""How much is read from disk, and that requests do not wait for each other."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from indices import Clock, CountingStorage, FailingStorage, index_of, looking_again
from log_dirs import (
    GRADCAM,
    START,
    map_blobs,
    maps_at,
    progress_blobs,
    step_records,
    write,
    write_steps,
)

from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.map_block import MapRequest, map_block
from tb_explain.dashboard.query import Spans
from tb_explain.dashboard.storage import LocalStorage
from tb_explain.records.writer import RecordWriter


@pytest.fixture
def large_maps(tmp_path):
    """Twenty steps of 16 maps of 16 kB."""
    large = maps_at(0, maps=16, rows=128, cols=128, kind="activation")
    records = [(GRADCAM, step, map_blobs(step, large)) for step in range(20)]
    path = write(tmp_path, [*records, ("progress", 19, progress_blobs(19))])
    return tmp_path, path.stat().st_size


def test_finding_records_leaves_their_payloads_on_disk(large_maps):
    """The index reads the heads of records, and checks whole ones only where it has to."""
    directory, size = large_maps
    storage = CountingStorage()
    index_of(directory, storage=storage).refresh()

    assert sum(storage.reads) < size / 5 + 20 * 3 * (16 * 128 * 128 + 4096)
    assert max(storage.reads) < 2 * 16 * 128 * 128


def test_one_map_is_one_small_read(large_maps):
    """With its head known, a map costs one read of its own size and a few bytes."""
    directory, _ = large_maps
    storage = CountingStorage()
    run = index_of(directory, storage=storage).refresh().runs["."]
    request = MapRequest(run, GRADCAM, Spans(((7, 7),)), Spans(((3, 3),)), 1)
    heads = HeadCache(2**20)
    map_block(request, heads)
    storage.reads.clear()
    map_block(request, heads)

    assert len(storage.reads) <= 2
    assert max(storage.reads) <= 8 + 128 * 128 + 64


def test_a_head_is_read_once(large_maps):
    """Heads that were read lately are kept, within a budget."""
    directory, _ = large_maps
    storage = CountingStorage()
    run = index_of(directory, storage=storage).refresh().runs["."]
    storage.reads.clear()
    generous, tight = HeadCache(2**24), HeadCache(1)
    places = list(run.tags[GRADCAM].values())
    for heads in (generous, tight):
        for place in places + places:
            heads.head(storage, place)
        storage.reads.append(-1)

    first = storage.reads.index(-1)
    assert first == len(places)
    assert len(storage.reads[first + 1 : -1]) == 2 * len(places)


def test_requests_during_a_look_see_the_state_before(tmp_path):
    """While one thread looks for records, others are answered at once."""
    write_steps(tmp_path, range(2))
    storage = CountingStorage()
    index = index_of(tmp_path, storage=storage)
    before = index.refresh()
    started, done = threading.Event(), threading.Event()

    def slow_list(root):
        started.set()
        assert done.wait(10)
        return LocalStorage().list(root)

    storage.list = slow_list
    index._due = 0.0
    with ThreadPoolExecutor() as pool:
        look = pool.submit(index.refresh)
        assert started.wait(10)
        assert index.refresh() is before
        done.set()
        assert look.result(10) is before


def test_many_threads_see_whole_steps(tmp_path):
    """Looks and requests from many threads never show a step without its maps."""
    writer = RecordWriter(tmp_path)
    index = index_of(tmp_path, clock=Clock(100))

    def look(_):
        run = index.refresh().runs.get(".")
        return run is None or tuple(run.tags.get(GRADCAM, ())) == run.steps

    with ThreadPoolExecutor(8) as pool:
        results = []
        for step in range(20):
            for tag, _, blobs in step_records(step):
                writer.write(tag, step, START + step, blobs)
            results += [pool.submit(look, number) for number in range(8)]
        assert all(result.result(30) for result in results)
    writer.close()
    assert looking_again(index).steps == tuple(range(20))


def test_a_failing_disk_loses_nothing(tmp_path):
    """Wherever a read fails, the next look finds all records, each once."""
    write_steps(tmp_path, range(4))
    expected = index_of(tmp_path).refresh().runs["."].tags
    counting = CountingStorage()
    index_of(tmp_path, storage=counting).refresh()
    assert len(counting.reads) > 5
    for failing in range(len(counting.reads)):
        storage = FailingStorage(failing)
        index = index_of(tmp_path, storage=storage)
        index.refresh()
        assert looking_again(index).tags == expected
        assert looking_again(index).problem is None
