"""The quick way to parse an event against the one that follows the wire format."""

import numpy as np
import pytest
from indices import CountingStorage, index_of
from log_dirs import GRADCAM, START, map_blobs, write_steps

from tb_explain.dashboard.event_parser import PLAIN_BYTES, parse_event, plain_place
from tb_explain.dashboard.protobuf import MalformedError, Window
from tb_explain.records.framing import blob_record, scalar_record, version_record
from tb_explain.records.scalars import Scalars

SCALARS = Scalars(START, {"loss": 0.5}, {"loss": "The loss."}, begins=False)
STEPS = [0, 1, 127, 128, 2**31, 2**53 - 1]


def event_of(tag, step, wall_time=START, blobs=(b"{}",)):
    """Returns a record as the writer writes it, without its framing."""
    return blob_record(tag, step, wall_time, blobs)[12:-4]


def quick(event):
    return plain_place(event[:PLAIN_BYTES], "file", 0, len(event))


def thorough(event):
    """Returns the place that following the wire format gives, or `None`."""
    window = Window(lambda start, count: event[start : start + count], 512, limit=len(event))
    try:
        return parse_event(window, "file", 0, len(event))[0]
    except (MalformedError, UnicodeDecodeError):
        return None


@pytest.fixture
def records():
    """Returns records with steps of one to eight bytes and payloads of many sizes."""
    payloads = [(b"{}",), (b"{}", b"\0" * 200), map_blobs(1), (b"{}", b"\1" * 2**21)]
    return [
        event_of(tag, step, blobs=blobs)
        for tag in (GRADCAM, "Größe/入力/label")
        for step in STEPS
        for blobs in payloads
    ]


def test_what_the_writer_writes_is_parsed_quickly(records):
    """Every record is found without the wire format, and is the same record."""
    found = [quick(event) for event in records]

    assert found == [thorough(event) for event in records]
    assert {place.step for place in found} == set(STEPS)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(scalar_record(3, SCALARS)[12:-4], id="scalars"),
        pytest.param(b"", id="nothing"),
        pytest.param(version_record(START)[12:-4], id="the version of a file"),
    ],
)
def test_what_is_no_record_is_left_to_the_wire_format(event):
    """Only records are found quickly."""
    assert quick(event) is None


@pytest.mark.parametrize(
    ("tag", "step", "time"),
    [
        pytest.param("t" * 128, 3, START, id="a long tag"),
        pytest.param(GRADCAM, 2**53, START, id="no step"),
        pytest.param(GRADCAM, 3, float("nan"), id="no time"),
        pytest.param(GRADCAM, 3, 1e12, id="a time of another unit"),
    ],
)
def test_the_unusual_is_left_to_the_wire_format(tag, step, time):
    """A record that cannot be as it says is judged in one place."""
    assert quick(event_of(tag, step, time)) is None


def test_no_flipped_bit_makes_the_two_ways_differ(records):
    """Whatever the quick way believes, the wire format says as well."""
    random = np.random.default_rng(0)
    believed = 0
    for _ in range(20_000):
        event = bytearray(records[random.integers(1, len(records))])
        for at in random.integers(0, 64, random.integers(1, 4)):
            event[at] ^= 1 << random.integers(8)
        found = quick(bytes(event))
        if found is not None:
            believed += 1
            assert found == thorough(bytes(event))

    assert believed > 1000


def test_a_file_that_grows_is_opened_once_a_look(tmp_path):
    """A look at many records opens their file once, however many there are."""
    storage = CountingStorage()
    write_steps(tmp_path, range(50))
    run = index_of(tmp_path, storage=storage).refresh().runs["."]

    assert len(run.steps) == 50
    assert storage.opened_files == 1
