"""What an event says before its payloads: the tag, the step and the time of its record."""

import re
import struct
import sys
from typing import NamedTuple

from tb_explain.dashboard.protobuf import LENGTH_DELIMITED, Field, MalformedError, Window

WALL_TIME, STEP, SUMMARY, SESSION_LOG = 1, 2, 5, 7
VALUE, TAG, SIMPLE_VALUE, TENSOR = 1, 1, 2, 8
DTYPE, DT_FLOAT = 1, 1
STATUS, STOP = 1, 2
LARGEST_STEP = 2**53
LATEST_TIME = 1e12
PLAIN_BYTES = 192
"""The first bytes of an event, enough for all that `plain_place` looks at."""

_VARINT = rb"([\x80-\xff]{0,7}[\x00-\x7f])"
# Wall time, step if it is not 0, summary, its value, and the length of the tag.
_PLAIN = re.compile(
    rb"\x09(.{8})(?:\x10%b)?\x2a%b\x0a%b\x0a([\x01-\x7f])" % (_VARINT, _VARINT, _VARINT), re.DOTALL
)
# A tensor of strings.
_PAYLOADS = re.compile(rb"\x42%b\x08\x07" % _VARINT)


class Place(NamedTuple):
    """Where a record lies; its payloads stay there.

    Attributes:
        tag: What was recorded.
        step: When, on the time axis of the run.
        wall_time: When, in seconds since 1970.
        path: The event file.
        offset: Position of the first byte of the event.
        length: Size of the event in bytes, without framing.
    """

    tag: str
    step: int
    wall_time: float
    path: str
    offset: int
    length: int


def plain_place(head: bytes, path: str, start: int, length: int) -> Place | None:
    """Returns the place of a record that is written as this package writes it.

    It finds what `parse_event` finds, several times faster: a log directory may hold more than a
    hundred thousand records, and the first look at it is waited for.

    Args:
        head: The first bytes of the event, `PLAIN_BYTES` of them where it is as long.
        path: The event file.
        start: Position of the event.
        length: Size of the event in bytes.

    Returns:
        The place, or `None` for an event that is anything else.
    """
    front = _PLAIN.match(head)
    if front is None:
        return None
    time, step, summary, value, size = front.groups()
    begin = front.end()
    stop = begin + size[0]
    payloads = _PAYLOADS.match(head, stop)
    if (
        payloads is None
        or front.end(3) + _integer(summary) != length
        or front.end(4) + _integer(value) != length
        or payloads.end(1) + _integer(payloads[1]) > length
    ):
        return None
    return _place_at(head[begin:stop], time, _integer(step or b"\0"), (path, start, length))


def _place_at(tag: bytes, time: bytes, step: int, lies: tuple[str, int, int]) -> Place | None:
    (wall_time,) = struct.unpack("<d", time)
    if step >= LARGEST_STEP or not abs(wall_time) < LATEST_TIME:
        return None
    try:
        return Place(sys.intern(tag.decode()), step, wall_time, *lies)
    except UnicodeDecodeError:
        return None


def _integer(varint: bytes) -> int:
    value = 0
    for byte in reversed(varint):
        value = value << 7 | byte & 0x7F
    return value


def parse_event(window: Window, path: str, start: int, length: int) -> tuple[Place | None, float]:
    """Returns the place of an event's first value, if it has one, and the event's wall time.

    A number is a scalar for TensorBoard's own views and no record.

    Raises:
        MalformedError: If the bytes are no event.
        UnicodeDecodeError: If its tag is no text.
    """
    wall_time, step, tag = 0.0, 0, None
    for field in window.fields(start, start + length):
        if field.number == WALL_TIME and field.stop - field.start == 8:
            (wall_time,) = struct.unpack("<d", window.take(field.start, field.stop))
        elif field.number == STEP:
            step = field.value
        elif field.number == SUMMARY and field.wire_type == LENGTH_DELIMITED and tag is None:
            tag = _parse_tag(window, field.start, field.stop)
    if step >= LARGEST_STEP or not abs(wall_time) < LATEST_TIME:
        raise MalformedError(f"no record has step {step} at {wall_time}")
    if tag is None:
        return None, wall_time
    return Place(sys.intern(tag), step, wall_time, path, start, length), wall_time


def is_end(window: Window, start: int, length: int) -> bool:
    """Whether an event is the last one of a writer that was closed."""
    return any(
        (status.number, status.value) == (STATUS, STOP)
        for log in window.fields(start, start + length)
        if log.number == SESSION_LOG and log.wire_type == LENGTH_DELIMITED
        for status in window.fields(log.start, log.stop)
    )


def _parse_tag(window: Window, start: int, stop: int) -> str | None:
    for value in window.fields(start, stop):
        if value.number == VALUE and value.wire_type == LENGTH_DELIMITED:
            return _tag_of_record(window, value)
    return None


def _tag_of_record(window: Window, value: Field) -> str | None:
    """Returns the tag of a value unless a number follows it."""
    tag = None
    for field in window.fields(value.start, value.stop):
        if tag is not None:
            return None if _is_number(window, field) else tag
        if field.number == TAG and field.wire_type == LENGTH_DELIMITED:
            tag = window.take(field.start, field.stop).decode()
    return tag


def _is_number(window: Window, value: Field) -> bool:
    """Whether a value is a number or a tensor of them, and no strings as those of a record."""
    if value.number != TENSOR or value.wire_type != LENGTH_DELIMITED:
        return value.number == SIMPLE_VALUE
    first = next(window.fields(value.start, value.stop), None)
    return first is not None and (first.number, first.value) == (DTYPE, DT_FLOAT)
