"""The index over event files: growth, restarts, and what is on disk besides."""

import os

from indices import Clock, CountingStorage, index_of, looking_again
from log_dirs import (
    GRADCAM,
    START,
    frames,
    map_blobs,
    maps_at,
    step_records,
    write,
    write_steps,
)

from tb_explain.records.framing import blob_record
from tb_explain.records.writer import RecordWriter


def steps_of(directory):
    """Returns the steps that a fresh index shows of the run in a directory."""
    return index_of(directory).refresh().runs["."].steps


def test_a_restart_replaces_what_it_repeats(tmp_path):
    """A file that starts at step s drops what older files hold at s and later."""
    write_steps(tmp_path, range(6), [GRADCAM, "Saliency/input/label"])
    write_steps(tmp_path, [3, 4], [GRADCAM])
    run = index_of(tmp_path).refresh().runs["."]

    assert run.steps == (0, 1, 2, 3, 4)
    assert tuple(run.tags[GRADCAM]) == (0, 1, 2, 3, 4)
    assert tuple(run.tags["Saliency/input/label"]) == (0, 1, 2)
    assert len({place.path for place in run.tags[GRADCAM].values()}) == 2


def test_a_rerun_from_the_start_begins_anew(tmp_path):
    """A file that starts at step 0 leaves nothing of older files."""
    write_steps(tmp_path, range(6), ["Saliency/input/label"])
    write_steps(tmp_path, range(2))
    run = index_of(tmp_path).refresh().runs["."]

    assert run.steps == (0, 1)
    assert "Saliency/input/label" not in run.tags


def test_a_second_fit_continues_the_axis(tmp_path):
    """A file that starts behind the last step keeps everything."""
    write_steps(tmp_path, range(3))
    write_steps(tmp_path, range(3, 6))

    assert steps_of(tmp_path) == tuple(range(6))


def test_a_restart_changes_the_version(tmp_path):
    """Answers that were kept under the old version are asked for again."""
    write_steps(tmp_path, range(3))
    index = index_of(tmp_path)
    before = index.refresh().runs["."].version
    write_steps(tmp_path, [1])
    after = looking_again(index).version

    assert before != after


def test_growth_keeps_the_version(tmp_path):
    """More steps in the same file leave what was kept valid."""
    writer = RecordWriter(tmp_path)
    versions, changes = [], []
    index = index_of(tmp_path)
    for step in range(3):
        for tag, _, blobs in step_records(step):
            writer.write(tag, step, START + step, blobs)
        writer.flush()
        run = looking_again(index) if step else index.refresh().runs["."]
        assert run.steps == tuple(range(step + 1))
        versions.append(run.version)
        changes.append(index.snapshot.change)
    writer.close()

    assert len(set(versions)) == 1
    assert changes == sorted(set(changes))


def test_nothing_new_changes_nothing(tmp_path):
    """The counter of changes stands still while nothing is written."""
    write_steps(tmp_path, range(3))
    index = index_of(tmp_path)
    first = index.refresh()
    looking_again(index)

    assert index.snapshot is first


def test_a_step_is_shown_when_its_progress_is_there(tmp_path):
    """A step that is being written waits for its last record."""
    write(tmp_path, [*step_records(0), (GRADCAM, 1, map_blobs(1))])
    run = index_of(tmp_path).refresh().runs["."]

    assert run.steps == (0,)
    assert tuple(run.tags[GRADCAM]) == (0,)


def test_an_interrupted_step_is_shown_after_a_while(tmp_path):
    """When nothing is written any more, an incomplete step is shown, under another version."""
    write(tmp_path, [*step_records(0), (GRADCAM, 1, map_blobs(1))])
    clock = Clock(0)
    index = index_of(tmp_path, clock=clock)
    before = index.refresh().runs["."]
    clock.now += 3600
    after = index.refresh().runs["."]

    assert before.steps == (0,)
    assert after.steps == (0, 1)
    assert before.version != after.version


def test_a_run_without_progress_is_shown_at_once(tmp_path):
    """A writer that records no progress hides nothing."""
    write(tmp_path, [(GRADCAM, step, map_blobs(step)) for step in range(3)])

    assert steps_of(tmp_path) == (0, 1, 2)


def test_reading_stops_at_every_partial_tail_and_resumes(tmp_path):
    """Wherever a record is cut off, the ones before it are shown, and later it is too."""
    source = tmp_path / "source"
    path = write(
        source, [(GRADCAM, step, map_blobs(step, maps_at(step, maps=1))) for step in (0, 1)]
    )
    content = path.read_bytes()
    (last, _), (end, _) = frames(content)[-2:]
    content = content[:end]
    copy = tmp_path / "copy"
    copy.mkdir()
    target = copy / path.name
    for size in range(last, len(content), 7):
        target.write_bytes(content[:size])
        index = index_of(copy)
        run = index.refresh().runs["."]
        assert (run.steps, run.problem) == ((0,), None), size
        with target.open("ab") as file:
            file.write(content[size:])
        run = looking_again(index)
        assert (run.steps, run.problem) == ((0, 1), None), size


def test_a_run_is_finished_when_its_writer_is_closed(tmp_path):
    """While records may follow the run is live; a new file makes it live again."""
    path = write_steps(tmp_path, range(2))
    content = path.read_bytes()
    end, _ = frames(content)[-1]
    path.write_bytes(content[:end])
    index = index_of(tmp_path)
    assert not index.refresh().runs["."].is_finished
    with path.open("ab") as file:
        file.write(content[end:])
    assert looking_again(index).is_finished

    write_steps(tmp_path, [2]).write_bytes(content[:end])
    assert not looking_again(index).is_finished


def test_a_replaced_file_is_read_anew(tmp_path):
    """A file of the same name with other content is another file."""
    path = write_steps(tmp_path / "first", range(4))
    other = write_steps(tmp_path / "second", [7])
    index = index_of(tmp_path / "first")
    before = index.refresh().runs["."]
    path.write_bytes(other.read_bytes())
    after = looking_again(index)

    assert before.steps == (0, 1, 2, 3)
    assert after.steps == (7,)
    assert before.version != after.version


def test_a_deleted_run_disappears(tmp_path):
    """What is no longer there is no longer listed."""
    path = write_steps(tmp_path, range(2))
    index = index_of(tmp_path)
    assert list(index.refresh().runs) == ["."]
    path.unlink()
    index._due = 0.0

    assert index.refresh().runs == {}


def test_loops_of_links_end_and_hidden_directories_are_skipped(tmp_path):
    """Every directory is visited once; links to other places are followed."""
    elsewhere = tmp_path / "elsewhere"
    logs = tmp_path / "logs"
    write_steps(elsewhere / "explain", [0])
    write_steps(logs / "run", [0])
    write_steps(logs / ".ipynb_checkpoints", [0])
    (logs / "run" / "loop").symlink_to(logs)
    (logs / "linked").symlink_to(elsewhere)
    (logs / "dangling").symlink_to(tmp_path / "nothing")
    os.mkfifo(logs / "run" / "pipe.tb_explain")

    assert set(index_of(logs).refresh().runs) == {"run", "linked/explain"}


def test_other_files_are_not_opened(tmp_path):
    """Only files of ours are looked into, however many others there are."""
    write_steps(tmp_path / "experiment" / "explain", [0])
    for number in range(300):
        directory = tmp_path / f"experiment_{number}" / "train"
        directory.mkdir(parents=True)
        (directory / "events.out.tfevents.1700000000.host.1.0.v2").write_bytes(b"not ours")
    storage = CountingStorage()
    runs = index_of(tmp_path, storage=storage).refresh().runs

    assert list(runs) == ["experiment/explain"]
    assert len(storage.reads) < 20


def test_records_of_a_newer_version_are_named(tmp_path):
    """A run that a newer version wrote says how to read it."""
    directory = tmp_path / "explain"
    path = write_steps(directory, [0])
    header = b'{"version":2,"kind":"attribution"}'
    start, _ = frames(path.read_bytes())[1]
    content = path.read_bytes()[:start] + blob_record(GRADCAM, 0, START, [header])
    path.write_bytes(content)
    run = index_of(tmp_path).refresh().runs["explain"]

    assert run.steps == ()
    assert run.problem == (
        "The records of run explain were written by a newer tb_explain than the one that "
        "TensorBoard uses; update: pip install -U tb-explain"
    )
