"""Event files with damage: what is lost is said, and nothing else is lost."""

import numpy as np
import pytest
from indices import CountingStorage, index_of
from log_dirs import (
    GRADCAM,
    flip,
    frames,
    map_blobs,
    maps_at,
    moment,
    progress_blobs,
    step_records,
    with_length,
    write,
    write_steps,
)

from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.map_block import MapRequest, map_block
from tb_explain.dashboard.query import Spans
from tb_explain.records.encode import encode_table

SALIENCY = "Saliency/input/label"
STEPS = 4


@pytest.fixture
def event_file(tmp_path):
    """An event file with two tags at each of four steps, too large to be read in one piece."""
    large = {
        step: maps_at(step, maps=3, rows=80, cols=80, kind="activation") for step in range(STEPS)
    }
    records = []
    for step, maps in large.items():
        records += [(tag, step, map_blobs(step, maps)) for tag in (GRADCAM, SALIENCY)]
        records += [("progress", step, progress_blobs(step))]
    return write(tmp_path / "explain", records)


def position_of(path, tag, step):
    """Returns where the record of a tag and step starts, and the length of its event."""
    order = {GRADCAM: 0, SALIENCY: 1, "progress": 2}
    return frames(path.read_bytes())[1 + 3 * step + order[tag]]


def read(tab, tag=GRADCAM, **query):
    header, _ = tab.block("api/block", run="explain", tag=tag, **query)
    return {entry["step"]: entry["problem"] for entry in header["steps"]}


def damaged_steps(problems):
    return [step for step, problem in problems.items() if problem]


def test_a_flipped_payload_loses_one_record(event_file, tmp_path, serve_alone):
    """The step with the damage says so; the other steps and tags are served."""
    start, length = position_of(event_file, GRADCAM, 2)
    flip(event_file, start + 12 + length // 2)
    tab = serve_alone(logdir=tmp_path)
    problems = read(tab)

    assert list(problems) == [0, 1, 2, 3]
    assert damaged_steps(problems) == [2]
    assert "damaged" in problems[2]
    assert damaged_steps(read(tab, SALIENCY)) == []


def test_a_flipped_payload_loses_only_the_map_it_hit(event_file, tmp_path, serve_alone):
    """Asked for alone, the other maps of the record are served."""
    start, length = position_of(event_file, GRADCAM, 2)
    flip(event_file, start + 12 + length // 2)
    tab = serve_alone(logdir=tmp_path)

    hit = [sample for sample in range(3) if damaged_steps(read(tab, maps=str(sample)))]
    assert len(hit) == 1


def test_a_flipped_checksum_loses_one_record(event_file, tmp_path, serve_alone):
    """The checksum behind a record guards it as a whole."""
    start, length = position_of(event_file, GRADCAM, 1)
    flip(event_file, start + 12 + length)

    assert damaged_steps(read(serve_alone(logdir=tmp_path))) == [1]


def test_a_flipped_length_loses_the_rest_of_one_file(event_file, tmp_path, serve_alone):
    """What stands before the damage and in other files is served, and a sentence says so."""
    start, _ = position_of(event_file, GRADCAM, 2)
    flip(event_file, start)
    write_steps(tmp_path / "other", range(STEPS))
    tab = serve_alone(logdir=tmp_path)
    runs = {run["run"]: run for run in tab.runs()}

    assert list(read(tab)) == [0, 1]
    assert f"what follows byte {start} cannot be found" in runs["explain"]["problem"]
    assert event_file.name in runs["explain"]["problem"]
    assert runs["other"]["problem"] is None
    assert runs["other"]["steps"] == STEPS


@pytest.mark.parametrize("length", [2**40, 2**63, 2**31])
def test_an_impossible_length_is_not_believed(event_file, tmp_path, serve_alone, length):
    """A length with the right checksum allocates nothing."""
    with event_file.open("ab") as file:
        file.write(with_length(length) + b"\0" * 100)
    tab = serve_alone(logdir=tmp_path)

    assert list(read(tab)) == [0, 1, 2, 3]
    (run,) = tab.runs()
    assert str(length) in run["problem"]


@pytest.mark.parametrize("offset", range(16))
def test_a_flip_at_the_start_of_an_event_changes_no_other_record(
    event_file, tmp_path, serve_alone, offset
):
    """Wall time, step and the lengths within an event: the record is lost or right, alone."""
    start, _ = position_of(event_file, GRADCAM, 2)
    flip(event_file, start + 12 + offset)
    tab = serve_alone(logdir=tmp_path)
    run = tab.json("api/run", run="explain")
    problems = read(tab)

    assert run["steps"] == [0, 1, 2, 3]
    assert {step for step in problems if not problems[step]} | {2} == {0, 1, 2, 3}
    assert problems.get(2, "left out") is not None
    assert {entry["tag"] for entry in run["tags"]} == {GRADCAM, SALIENCY}


def test_a_flipped_tag_makes_no_new_tag(event_file, tmp_path, serve_alone):
    """A tag that was never recorded is not shown; the loss is."""
    content = event_file.read_bytes()
    start, _ = position_of(event_file, GRADCAM, 2)
    flip(event_file, content.index(GRADCAM.encode(), start) + 3)
    tab = serve_alone(logdir=tmp_path)
    run = tab.json("api/run", run="explain")
    (entry,) = tab.runs()

    assert {tag["tag"] for tag in run["tags"]} == {GRADCAM, SALIENCY}
    assert {tag["tag"]: tag["ranges"] for tag in run["tags"]}[GRADCAM] == [[0, 2], [3, 1]]
    assert "1 record is damaged and left out" in entry["problem"]


def test_a_damaged_header_is_no_description(event_file, tmp_path, serve_alone):
    """Facts of a tag come from the newest record that can be read."""
    content = event_file.read_bytes()
    start, _ = position_of(event_file, GRADCAM, STEPS - 1)
    flip(event_file, content.index(b'{"version"', start))
    tab = serve_alone(logdir=tmp_path)
    run = tab.json("api/run", run="explain")
    facts = {tag["tag"]: tag["facts"] for tag in run["tags"]}

    assert facts[GRADCAM]["title"] == "Grad-CAM"
    assert damaged_steps(read(tab)) == [STEPS - 1]
    assert tab.json("api/figures", run="explain", tag=GRADCAM)["left_out"] == [STEPS - 1]


def test_random_damage_never_ends_in_an_error(tmp_path, serve_alone):
    """With any byte flipped, every address answers, and every status is understood."""
    source = write_steps(tmp_path / "source", range(2)).read_bytes()
    for position in range(0, len(source), 97):
        directory = tmp_path / f"flipped_{position}"
        directory.mkdir()
        path = directory / "events.out.tfevents.1700000000.host.1.0.tb_explain"
        path.write_bytes(source)
        flip(path, position)
    tab = serve_alone(logdir=tmp_path)
    runs = tab.runs()

    assert len(runs) >= len(source) // 97
    for run in runs:
        name = run["run"]
        assert tab.get("api/run", run=name).status_code == 200
        for path in ("block", "figures", "table", "pictures"):
            query = {"run": name, "tag": GRADCAM}
            assert tab.get(f"api/{path}", **query).status_code in (200, 404)


def test_a_file_deleted_while_it_is_served_is_named(event_file, tmp_path, serve_alone):
    """Between two looks at the directory, a missing file is a sentence for each step."""
    tab = serve_alone(logdir=tmp_path)
    tab.json("api/status")
    event_file.unlink()
    problems = read(tab)

    assert damaged_steps(problems) == [0, 1, 2, 3]
    assert "deleted" in problems[0]
    assert tab.get("api/table", run="explain", tag="progress").status_code == 404
    assert tab.get("api/pictures", run="explain").status_code == 404


def test_a_file_replaced_while_it_is_served_gives_no_wrong_maps(event_file, tmp_path, serve_alone):
    """Checksums tell the maps of another file from those that were asked for."""
    tab = serve_alone(logdir=tmp_path)
    tab.json("api/status")
    other = write_steps(tmp_path / "other", range(60))
    event_file.write_bytes(other.read_bytes() * 20)

    assert damaged_steps(read(tab)) == [0, 1, 2, 3]
    assert damaged_steps(read(tab, maps="1")) == [0, 1, 2, 3]


def test_garbage_with_our_name_is_a_sentence(tmp_path, serve_alone):
    """A file that is no event file at all is named, and other runs are shown."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "events.out.tfevents.1.tb_explain").write_bytes(b"<html>" * 1000)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "events.out.tfevents.1.tb_explain").write_bytes(b"")
    write(tmp_path / "good", step_records(0))
    tab = serve_alone(logdir=tmp_path)
    runs = {run["run"]: run for run in tab.runs()}

    assert runs.keys() == {"bad", "good"}
    assert "cannot be found" in runs["bad"]["problem"]
    assert tab.json("api/run", run="bad")["steps"] == []


def test_a_record_with_much_beside_its_maps_is_not_read_whole(tmp_path):
    """What a record holds beyond the maps of its header is never loaded."""
    blobs = [*map_blobs(0), b"\0" * 2**20]
    write(tmp_path / "explain", [(GRADCAM, 0, blobs), ("progress", 0, progress_blobs(0))])
    storage = CountingStorage()
    run = index_of(tmp_path, storage=storage).refresh().runs["explain"]
    storage.reads.clear()
    request = MapRequest(run, GRADCAM, Spans(None), Spans(None), 1)
    assert map_block(request, HeadCache(2**20)).is_complete
    assert sum(storage.reads) < 2**15


def test_a_table_is_not_loaded_beyond_the_limit(tmp_path, serve_alone):
    """A record that is larger than an answer may be is refused before it is read."""
    arrays = {"score": np.zeros((1, 17 * 2**20), np.float32)}
    facts = {"task": "regression", "classes": None, "output": None, "targets": ["predicted"]}
    write(tmp_path, [("prediction", 0, encode_table("prediction", arrays, facts, moment(0)))])
    response = serve_alone(logdir=tmp_path).get("api/table", run=".", tag="prediction")

    assert response.status_code == 400
    assert "64 MiB" in response.text
