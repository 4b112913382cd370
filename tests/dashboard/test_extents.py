"""How far maps reach over all steps, read from next to nothing."""

import numpy as np
import pytest
from indices import Clock, CountingStorage, index_of, looking_again
from log_dirs import GRADCAM, frames, map_blobs, maps_at, progress_blobs, write, write_steps
from tabs import unpacked

from tb_explain.dashboard.extents import FIRST_RECORDS, QUICK_PATIENCE, Extents
from tb_explain.records.decode import read_scale


def write_maps(directory, steps, **sizes):
    records = []
    for step in steps:
        blobs = map_blobs(step, maps_at(step, **sizes))
        records += [(GRADCAM, step, blobs), ("progress", step, progress_blobs(step))]
    return write(directory, records)


def overwrite(path, position, byte):
    content = bytearray(path.read_bytes())
    content[position] = byte
    path.write_bytes(content)


def largest(steps, **sizes):
    """Returns the largest scale and p99 of each map, from what is written."""
    blobs = [map_blobs(step, maps_at(step, **sizes))[1:] for step in steps]
    return np.max([[read_scale(bytes(map_)) for map_ in maps] for maps in blobs], axis=0).T


def arrays(block):
    header, body = block
    read = {
        entry["name"]: np.frombuffer(body, "<f4", entry["shape"][0], entry["offset"])
        for entry in header["arrays"]
    }
    return header, np.stack([read["scale"], read["p99"]])


def test_answers_the_largest_of_all_steps(tmp_path, serve):
    """Scale and p99 are the maxima over the steps, for each map of its own."""
    write_maps(tmp_path / "explain", range(5))
    tab = serve(logdir=tmp_path)
    header, found = arrays(tab.block("api/extents", run="explain", tag=GRADCAM))

    np.testing.assert_array_equal(found, largest(range(5)).astype(np.float32))
    assert (header["records"], header["read"], header["left_out"]) == (5, 5, [])


@pytest.mark.parametrize("side", [6, 90])
def test_reads_next_to_nothing(tmp_path, side):
    """Of large maps only the numbers in front of their values are read."""
    sizes = {"maps": 12, "rows": side, "cols": side, "kind": "activation"}
    path = write_maps(tmp_path, range(20), **sizes)
    storage = CountingStorage()
    run = index_of(tmp_path, storage=storage).refresh().runs["."]
    storage.reads.clear()
    extents = Extents()
    extents.block(run, GRADCAM)
    cold = list(storage.reads)
    storage.reads.clear()
    extents.block(run, GRADCAM)

    assert storage.reads == []
    deciding = 2 * 12 * (side * side + 64)
    assert sum(cold) < deciding + 20 * (12 * 16 + 9000)
    assert side < 90 or sum(cold) < path.stat().st_size / 3


def test_a_growing_run_costs_its_new_records(tmp_path):
    """What was read once is kept; a new step adds itself."""
    write_maps(tmp_path, range(30))
    storage = CountingStorage()
    index = index_of(tmp_path, storage=storage)
    extents = Extents()
    extents.block(index.refresh().runs["."], GRADCAM)
    write_maps(tmp_path, [30])
    run = looking_again(index)
    storage.reads.clear()
    header, found = arrays(unpacked(extents.block(run, GRADCAM)[0]))

    np.testing.assert_array_equal(found, largest(range(31)).astype(np.float32))
    assert header["read"] == 31
    assert len(storage.reads) <= 2 + 4


def test_a_restart_forgets_what_it_replaces(tmp_path):
    """Records of steps that were trained again no longer count."""
    write_maps(tmp_path, range(8))
    index = index_of(tmp_path)
    extents = Extents()
    extents.block(index.refresh().runs["."], GRADCAM)
    write_maps(tmp_path, [2])
    header, found = arrays(unpacked(extents.block(looking_again(index), GRADCAM)[0]))

    np.testing.assert_array_equal(found, largest([0, 1, 2]).astype(np.float32))
    assert header["records"] == 3


def test_a_long_run_is_answered_at_once_and_then_in_full(tmp_path):
    """The first answer is made of evenly spread records, the next ones of all."""
    steps = 3 * FIRST_RECORDS
    write_maps(tmp_path, range(steps), maps=2)
    run = index_of(tmp_path).refresh().runs["."]
    extents = Extents()
    first, is_complete = extents.block(run, GRADCAM)
    header, estimate = arrays(unpacked(first))

    assert not is_complete
    assert header["read"] == FIRST_RECORDS
    assert (estimate > 0).all()
    header, exact = arrays(unpacked(extents.block(run, GRADCAM)[0]))
    assert header["read"] == steps
    np.testing.assert_array_equal(exact, largest(range(steps), maps=2).astype(np.float32))


def test_who_is_in_a_hurry_gets_what_is_known(tmp_path):
    """The first picture waits for an estimate at most, and never reads on."""
    write_maps(tmp_path, range(2 * FIRST_RECORDS), maps=2)
    run = index_of(tmp_path).refresh().runs["."]
    extents = Extents(Clock(0.0))
    read = [unpacked(extents.block(run, GRADCAM, is_quick=True)[0])[0]["read"] for _ in range(2)]

    assert read == [FIRST_RECORDS, FIRST_RECORDS]


def test_an_estimate_that_was_cut_short_is_spread(tmp_path):
    """However few records are read at first, they are the newest and some all over the run."""
    last = 4 * FIRST_RECORDS - 1
    write_maps(tmp_path, range(last + 1), maps=3)
    run = index_of(tmp_path).refresh().runs["."]
    extents = Extents(Clock(QUICK_PATIENCE / 3.5))
    header, found = arrays(unpacked(extents.block(run, GRADCAM, is_quick=True)[0]))
    halving = [last, 125, 190, 61]

    assert 3 <= header["read"] <= len(halving)
    np.testing.assert_array_equal(
        found, largest(halving[: header["read"]], maps=3).astype(np.float32)
    )


def test_an_estimate_of_a_short_run_begins_with_its_newest_record(tmp_path):
    """Maps of the untrained model are weak: alone they would leave all others one colour."""
    write_maps(tmp_path, range(5))
    run = index_of(tmp_path).refresh().runs["."]
    extents = Extents(Clock(2 * QUICK_PATIENCE))
    header, found = arrays(unpacked(extents.block(run, GRADCAM, is_quick=True)[0]))

    assert header["read"] == 1
    np.testing.assert_array_equal(found, largest([4]).astype(np.float32))


def test_a_slow_disk_is_answered_step_by_step(tmp_path):
    """Where reading takes long, each answer holds a little more."""
    write_maps(tmp_path, range(FIRST_RECORDS + 3), maps=1)
    run = index_of(tmp_path).refresh().runs["."]
    extents = Extents(Clock(1.0))
    read = [unpacked(extents.block(run, GRADCAM)[0])[0]["read"] for _ in range(3)]

    assert read == [1, 2, 3]


def test_damage_does_not_set_the_scale(tmp_path, serve_alone):
    """A flipped bit that makes a scale huge leaves its record out, not all others pale."""
    path = write_maps(tmp_path / "explain", range(4), maps=3, rows=80, cols=80)
    expected = largest([0, 1, 3], maps=3, rows=80, cols=80).astype(np.float32)
    content = path.read_bytes()
    start, length = frames(content)[1 + 2 * 2]
    payload = map_blobs(2, maps_at(2, maps=3, rows=80, cols=80))[2]
    at = content.index(bytes(payload[:64]), start, start + length)
    overwrite(path, at + 3, 0x60)
    tab = serve_alone(logdir=tmp_path)
    header, found = arrays(tab.block("api/extents", run="explain", tag=GRADCAM))

    assert header["left_out"] == [2]
    np.testing.assert_array_equal(found, expected)


def test_a_record_without_maps_is_left_out(tmp_path, serve_alone):
    """What cannot be read is said, and the rest is answered."""
    path = write_maps(tmp_path / "explain", range(3), maps=3, rows=80, cols=80)
    start, _ = frames(path.read_bytes())[1 + 2]
    overwrite(path, path.read_bytes().index(b'{"', start), 0)
    tab = serve_alone(logdir=tmp_path)
    header, _ = arrays(tab.block("api/extents", run="explain", tag=GRADCAM))

    assert header["left_out"] == [1]
    assert header["read"] == header["records"]


def test_only_a_full_answer_may_be_kept(tmp_path, serve):
    """A browser keeps what is asked for by version, unless some of it is missing."""
    write_steps(tmp_path / "explain", range(FIRST_RECORDS + 1))
    tab = serve(logdir=tmp_path)
    version = tab.json("api/run", run="explain")["version"]
    ask = {"run": "explain", "tag": GRADCAM, "v": version}
    quick = tab.get("api/extents", **ask, quick="1")
    policies = [each.headers["Cache-Control"] for each in (quick, tab.get("api/extents", **ask))]

    assert "no-cache" in policies[0]
    assert "immutable" in policies[1]


def test_unknown_tags_get_a_sentence(tmp_path, serve):
    """Only what was recorded can be asked for."""
    write_steps(tmp_path / "explain", [0])
    answer = serve(logdir=tmp_path).get("api/extents", run="explain", tag="../../etc/passwd")

    assert answer.status_code == 404
    assert "no such tag" in answer.text
