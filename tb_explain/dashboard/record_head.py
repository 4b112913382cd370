"""The head of a record: its header, and where its payloads lie."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from tb_explain.dashboard.event_parser import SUMMARY, TENSOR, VALUE, Place, parse_event
from tb_explain.dashboard.json_values import as_object
from tb_explain.dashboard.protobuf import LENGTH_DELIMITED, Field, MalformedError, Window
from tb_explain.dashboard.storage import Storage
from tb_explain.dashboard.tfrecord import FOOTER_BYTES, is_intact

STRING_VAL = 8
MAP_KINDS = frozenset({"attribution", "activation", "filter", "weight", "attention"})
SUPPORTED_VERSION = 1
SCALE_BYTES = 8
"""Bytes in front of the values of a map: its scale and its 99th percentile."""
_HEAD_PIECE = 8192
_LARGEST_HEADER = 2**25
_ITEM_BYTES = {"uint8": 1, "uint16": 2}

Header = dict[str, Any]


class RecordError(ValueError):
    """A record cannot be shown; the message is a sentence for the user."""


class NewerVersionError(RecordError):
    """A record was written by a newer version of tb_explain."""


@dataclass(frozen=True)
class Head:
    """What a record says about itself.

    Attributes:
        header: The header, see `records/record.schema.json`.
        header_bytes: Its size as stored.
        payloads: Position of the first byte behind the header.
        stop: Position behind the last payload.
    """

    header: Header
    header_bytes: int
    payloads: int
    stop: int


@dataclass(frozen=True)
class MapLayout:
    """Where the maps of a record lie: all of the same size, one behind the other.

    Attributes:
        maps: Number of maps.
        shape: `(rows, cols, channels)` of each.
        dtype: Type of the stored values.
        size: Bytes of one payload.
        prefix: What stands in front of each payload: its field number and its size.
        start: Position of the first prefix.
    """

    maps: int
    shape: tuple[int, int, int]
    dtype: str
    size: int
    prefix: bytes
    start: int

    @property
    def pitch(self) -> int:
        """Bytes from one map to the next."""
        return len(self.prefix) + self.size

    def offset(self, index: int) -> int:
        """Returns the position of the prefix of a map."""
        return self.start + index * self.pitch


def read_head(storage: Storage, place: Place) -> Head:
    """Reads the header of a record, and nothing behind it where that can be avoided.

    Raises:
        RecordError: If it is damaged or was written by a newer version.
        OSError: If the file cannot be read.
    """
    window = _window(storage, place)
    try:
        if parse_event(window, place.path, place.offset, place.length)[0] != place:
            raise MalformedError("another record lies here now")
        tensor = _tensor(window, place)
        first = next(_strings(window, tensor))
        if first.stop - first.start > _LARGEST_HEADER:
            raise MalformedError("no header is as long")
        header = _parse_header(window.take(first.start, first.stop))
    except (MalformedError, StopIteration, UnicodeDecodeError) as error:
        raise damaged(place) from error
    return Head(header, first.stop - first.start, first.stop, tensor.stop)


def payload_places(window: Window, place: Place, head: Head) -> list[tuple[int, int]]:
    """Returns the position and size of each payload of a record.

    Args:
        window: Reads the record.
        place: Where it lies.
        head: Its head.

    Raises:
        RecordError: If the record is damaged.
    """
    rest = Field(0, 0, 0, head.payloads, head.stop)
    try:
        return [(found.start, found.stop - found.start) for found in _strings(window, rest)]
    except MalformedError as error:
        raise damaged(place) from error


def map_layout(place: Place, head: Head) -> MapLayout:
    """Returns where the maps of a record lie.

    Raises:
        RecordError: If the record holds no maps, or not as many as its header says.
    """
    header = head.header
    try:
        rows, cols, channels = (int(side) for side in header["shape"])
        dtype = str(header["dtype"])
        maps = len(header["columns"]["sample"])
        size = SCALE_BYTES + prod((rows, cols, channels)) * _ITEM_BYTES[dtype]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise damaged(place) from error
    if header.get("kind") not in MAP_KINDS or min(rows, cols, channels) < 1:
        raise damaged(place)
    prefix = bytes([STRING_VAL << 3 | LENGTH_DELIMITED]) + _encoded(size)
    layout = MapLayout(maps, (rows, cols, channels), dtype, size, prefix, head.payloads)
    if layout.offset(maps) > head.stop:
        raise damaged(place)
    return layout


def damaged(place: Place) -> RecordError:
    """Returns the error of a record whose bytes are not as they were written."""
    return RecordError(
        f"The record of step {place.step} is damaged at byte {place.offset} of its event file, "
        "so it is left out."
    )


def _window(storage: Storage, place: Place) -> Window:
    """Returns a view of a record; one that is read in one piece is checked right away."""

    def read(offset: int, count: int) -> bytes:
        return storage.read(place.path, offset, count)

    piece = max(_HEAD_PIECE, storage.piece)
    if place.length + FOOTER_BYTES <= piece:
        framed = read(place.offset, place.length + FOOTER_BYTES)
        if not is_intact(framed[: place.length], framed[place.length :]):
            raise damaged(place)
        return window_on(framed, place)
    return Window(read, piece, limit=place.offset + place.length)


def window_on(event: bytes, place: Place) -> Window:
    """Returns a view of a record that was read already."""

    def read(offset: int, count: int) -> bytes:
        start = offset - place.offset
        return event[start : start + count]

    return Window(read, _HEAD_PIECE, limit=place.offset + place.length)


def _tensor(window: Window, place: Place) -> Field:
    message = Field(0, 0, 0, place.offset, place.offset + place.length)
    for number in (SUMMARY, VALUE, TENSOR):
        message = _first(window, message, number)
    return message


def _first(window: Window, message: Field, number: int) -> Field:
    for field in window.fields(message.start, message.stop):
        if field.number == number and field.wire_type == LENGTH_DELIMITED:
            return field
    raise MalformedError(f"field {number} is missing")


def _strings(window: Window, message: Field) -> Iterator[Field]:
    for field in window.fields(message.start, message.stop):
        if field.number == STRING_VAL and field.wire_type == LENGTH_DELIMITED:
            yield field


def _parse_header(encoded: bytes) -> Header:
    try:
        header: Any = json.loads(encoded)
    except (ValueError, RecursionError) as error:
        raise MalformedError("the header is no JSON") from error
    version = as_object(header).get("version")
    if type(version) is not int or version < 1:
        raise MalformedError("the header has no version")
    if version > SUPPORTED_VERSION:
        raise NewerVersionError(f"The record has version {version}.")
    return as_object(header)


def _encoded(value: int) -> bytes:
    """Returns an integer as a protocol buffer varint."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
