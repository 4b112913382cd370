"""Event files as TensorBoard reads them."""

import gc
import os
import re
import threading
import weakref

import numpy as np
import pytest
import record_cases as cases
from event_files import read_records, steps_of
from fresh_python import finished, started
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tb_explain.records import RecordWriter, decode_map
from tb_explain.records.event_file import file_name

MAPS = cases.MAPS["signed_uint16"]


def write(writer, step, tag="GradCAM/conv/label", maps=MAPS):
    writer.write(tag, step, 1700000000.5 + step, cases.encode(maps))


@pytest.fixture
def run(tmp_path):
    return tmp_path / "logs" / "explain"


def event_files(directory):
    return sorted(path for path in directory.iterdir() if path.suffix == ".tb_explain")


def test_tensorboard_reads_what_was_written(run):
    """TensorBoard's own loader gives back every record, bit by bit."""
    writer = RecordWriter(run)
    for step in range(5):
        write(writer, step)
    writer.close()
    records = list(read_records(run))
    _, *expected = cases.encode(MAPS)

    assert [(tag, step) for tag, step, _, _ in records] == [
        ("GradCAM/conv/label", step) for step in range(5)
    ]
    for _, _, header, payloads in records:
        assert payloads == expected
        np.testing.assert_allclose(decode_map(header, payloads[1]), MAPS.values[1], atol=1e-4)


def test_file_starts_as_event_files_do(run):
    """The first event names the version of the format, the last one says that it is the last."""
    writer = RecordWriter(run)
    write(writer, 4)
    writer.close()
    (path,) = event_files(run)
    first, second, last = EventFileLoader(str(path)).Load()
    value = second.summary.value[0]

    assert first.file_version == "brain.Event:2"
    assert last.session_log.status == last.session_log.STOP
    assert (second.step, second.wall_time) == (4, 1700000004.5)
    assert value.metadata.plugin_data.plugin_name == "tb_explain"
    assert value.metadata.plugin_data.content == b'{"version":1}'
    assert value.metadata.data_class == 3
    assert [dim.size for dim in value.tensor.tensor_shape.dim] == [3]


def test_accumulator_lists_the_plugin(run):
    """TensorBoard finds the plugin's tags, so the tab is enabled without a look into the files."""
    writer = RecordWriter(run)
    write(writer, 0)
    writer.close()
    accumulator = EventAccumulator(str(run))
    accumulator.Reload()

    assert accumulator.PluginTagToContent("tb_explain") == {"GradCAM/conv/label": b'{"version":1}'}


@pytest.mark.parametrize("tag", ["é☂数" * 40, "Grad CAM[points=8]/a/b #&=?%/label" * 9])
def test_long_tags_in_any_script_survive(run, tag):
    """Tags of 300 bytes and more, with any character, come back whole."""
    writer = RecordWriter(run)
    write(writer, 0, tag)
    writer.close()

    assert len(tag.encode()) >= 300
    assert steps_of(run) == {tag: [0]}


def test_file_name_tells_its_origin(run):
    """The name holds time, host, process and our suffix, as TensorBoard's own names do."""
    writer = RecordWriter(run)
    write(writer, 0)
    writer.close()
    (path,) = event_files(run)

    assert re.fullmatch(
        rf"events\.out\.tfevents\.\d{{10}}\.[\w-]+\.{os.getpid()}\.\w{{8}}\.tb_explain", path.name
    )


def test_new_files_sort_behind_old_ones():
    """Names sort in the order of writing, also within a second and with a clock set back."""
    first = file_name([], 1700000000.9)
    second = file_name([first, "notes.txt"], 1700000000.95)
    third = file_name([second, first], 1600000000.0)

    assert first < second < third


def test_every_writer_makes_its_own_file(run):
    """A later writer appends to no file of an earlier one, whose tail may be cut."""
    for step in range(3):
        writer = RecordWriter(run)
        write(writer, step)
        writer.close()

    assert len(event_files(run)) == 3
    assert steps_of(run) == {"GradCAM/conv/label": [0, 1, 2]}


def test_nothing_is_made_before_the_first_record(run):
    """A run that never records leaves no event file behind."""
    RecordWriter(run).close()

    assert event_files(run) == []


def test_flush_makes_records_visible(run):
    """After a flush, readers see every record while the writer lives on."""
    writer = RecordWriter(run)
    for step in range(3):
        write(writer, step)
        writer.flush()
        assert steps_of(run) == {"GradCAM/conv/label": list(range(step + 1))}
    writer.close()


def test_forgotten_writer_is_closed(run):
    """A writer that nobody holds writes what it has, and lets the next one in."""
    writer = RecordWriter(run)
    for step in range(20):
        write(writer, step)
    gone = weakref.ref(writer)
    del writer
    gc.collect()

    assert gone() is None
    assert steps_of(run) == {"GradCAM/conv/label": list(range(20))}
    RecordWriter(run).close()


def test_closing_twice_is_closing(run):
    """A second close does nothing; a record after it is an error that says so."""
    writer = RecordWriter(run)
    writer.close()
    writer.close()

    with pytest.raises(ValueError, match="A closed writer takes no records"):
        write(writer, 0)


def test_leaving_without_close_loses_nothing(run):
    """A script that just ends, or ends itself, has written everything."""
    code = """
import sys
import record_cases as cases
from tb_explain.records import RecordWriter

writer = RecordWriter(sys.argv[1])
for step in range(30):
    writer.write("tag", step, float(step), cases.encode(cases.MAPS["huge"]))
sys.exit(3)
"""
    result = finished(code, run)

    assert (result.returncode, result.stderr) == (3, "")
    assert steps_of(run) == {"tag": list(range(30))}


def test_writing_imports_no_framework(run):
    """A whole record is encoded and written without TensorFlow, Keras, JAX or torch."""
    code = """
import sys
import record_cases as cases
from tb_explain import records

writer = records.RecordWriter(sys.argv[1])
writer.write("tag", 0, 0.0, cases.encode(cases.MAPS["huge"]))
writer.write("samples", 0, 0.0, cases.encode_pictures())
writer.close()
print(sorted({"tensorflow", "keras", "jax", "torch"} & set(sys.modules)))
"""
    result = finished(code, run)

    assert (result.stdout, result.stderr) == ("[]\n", "")
    assert list(steps_of(run)) == ["tag", "samples"]


def test_killed_writer_leaves_whole_records(run):
    """Wherever a kill hits, what is there is a run of whole records that all readers read."""
    code = """
import itertools, sys
import record_cases as cases
from tb_explain.records import RecordWriter

blobs = cases.encode(cases.explanation(cases.noise(8, 60, 60, 1), signed=True))
writer = RecordWriter(sys.argv[1])
for step in itertools.count():
    writer.write("tag", step, float(step), blobs)
    if step == 5:
        writer.flush()
        print("going", flush=True)
"""
    random = np.random.default_rng(0)
    for _ in range(12):
        with started(code, run) as process:
            assert process.stdout.readline() == "going\n"
            size = event_files(run)[-1].stat().st_size + random.integers(2**20)
            while event_files(run)[-1].stat().st_size < size:
                assert process.poll() is None
            process.kill()
        steps = newest_steps(run)
        assert steps == list(range(len(steps)))
        assert len(steps) > 5


def newest_steps(run):
    events = list(EventFileLoader(str(event_files(run)[-1])).Load())
    return [event.step for event in events if event.summary.value]


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_cut_file_gives_its_whole_records(run, cut):
    """A file cut at any byte of its last record gives all the others."""
    writer = RecordWriter(run)
    for step in range(3):
        write(writer, step, maps=cases.MAPS["zero"])
    writer.flush()
    (path,) = event_files(run)
    content = path.read_bytes()
    writer.close()
    path.write_bytes(content[:-cut])

    assert steps_of(run) == {"GradCAM/conv/label": [0, 1]}


def test_a_flush_waits_for_records_that_are_still_to_be_made(run):
    """What the thread of the writer makes is in the file after a flush, however small it was."""
    writer = RecordWriter(run)
    ready = threading.Event()

    def make():
        ready.wait(10)
        return [("late", 0.0, [b"{}"])]

    writer.write_later(3, make, size=0)
    threading.Timer(0.05, ready.set).start()
    writer.flush()

    assert steps_of(run) == {"late": [3]}
    writer.close()
