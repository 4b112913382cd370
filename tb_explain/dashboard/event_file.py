"""One event file: which records it holds and where, found a piece at a time as it grows."""

import posixpath
import struct
import sys
from functools import partial
from typing import NamedTuple, final

from tb_explain.dashboard.protobuf import LENGTH_DELIMITED, Field, MalformedError, Window
from tb_explain.dashboard.storage import Found, Storage
from tb_explain.dashboard.tfrecord import (
    FOOTER_BYTES,
    HEADER_BYTES,
    FramingError,
    crc32c,
    masked,
    record_length,
)

WALL_TIME, STEP, SUMMARY, SESSION_LOG = 1, 2, 5, 7
VALUE, TAG, SIMPLE_VALUE, TENSOR = 1, 1, 2, 8
DTYPE, DT_FLOAT = 1, 1
STATUS, STOP = 1, 2
LARGEST_STEP = 2**53
_FINGERPRINT_BYTES = 64
_CHECKED_BYTES = 2**20


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


@final
class EventFile:
    """The records of one event file, in the order in which they were written.

    Reading stops before a record that is not complete yet and goes on there next time. A record
    whose event makes no sense is left out alone; behind a length that cannot be trusted nothing
    is found.

    Args:
        storage: What reads the file.
        found: The file, as it was listed.

    Attributes:
        path: Path or URL to read it by.
        identity: Changes when another file takes its place.
        generation: How often it was replaced while it was followed.
        created: Wall time of its first event.
        places: Its records, in the order in which they were written.
        is_complete: Whether its writer has said that nothing more will follow.
    """

    def __init__(self, storage: Storage, found: Found) -> None:
        self.path = found.path
        self.identity = found.identity
        self.generation = 0
        self.created = 0.0
        self.places: list[Place] = []
        self.is_complete = False
        self._storage = storage
        self._size = -1
        self._fingerprint = b""
        self._position = 0
        self._damaged = 0
        self._rest_lost = ""
        self._tags: set[str] = set()

    @property
    def name(self) -> str:
        """The file's name without its directory."""
        return posixpath.basename(self.path.replace("\\", "/"))

    @property
    def problem(self) -> str | None:
        """One sentence about what could not be read, or `None`."""
        parts: list[str] = []
        if self._damaged:
            records = "record is" if self._damaged == 1 else "records are"
            parts.append(f"{self._damaged} {records} damaged and left out")
        if self._rest_lost:
            parts.append(self._rest_lost)
        return f"In {self.name}, {' and '.join(parts)}." if parts else None

    def update(self, found: Found) -> bool:
        """Looks for records that were added since the last call.

        Args:
            found: The file, as it was listed just now.

        Returns:
            Whether anything changed.
        """
        if (found.size, found.identity) == (self._size, self.identity):
            return False
        before = self._state()
        try:
            if self._is_replaced(found):
                self._restart()
            self.identity, self._size = found.identity, found.size
            self._rest_lost = ""
            self._scan(found.size)
        except OSError as error:
            self._size = -1
            self._rest_lost = f"the rest could not be read: {error.strerror or error}"
        return before != self._state()

    def _state(self) -> tuple[object, ...]:
        return self.generation, len(self.places), self.problem, self.is_complete

    def _is_replaced(self, found: Found) -> bool:
        start = self._storage.read(self.path, 0, min(_FINGERPRINT_BYTES, found.size))
        known = self._fingerprint
        self._fingerprint = start
        return (
            found.identity != self.identity
            or found.size < self._position
            or not start.startswith(known)
        )

    def _restart(self) -> None:
        self.generation += 1
        self.places = []
        self._position = 0
        self._damaged = 0
        self._tags = set()

    def _scan(self, size: int) -> None:
        """Finds the records up to a size; after an error it is as if it had not begun."""
        position, damaged = self._position, self._damaged
        try:
            self._find_records(size)
        except OSError:
            self._position, self._damaged = position, damaged
            raise

    def _find_records(self, size: int) -> None:
        window = Window(partial(self._storage.read, self.path), self._storage.piece, limit=size)
        added: list[Place] = []
        try:
            while self._position + HEADER_BYTES <= size:
                start = self._position + HEADER_BYTES
                length = record_length(window.take(self._position, start))
                if start + length + FOOTER_BYTES > size:
                    break
                self._look_at(window, start, length, added)
                self._position = start + length + FOOTER_BYTES
        except (FramingError, MalformedError) as error:
            self._rest_lost = f"what follows byte {self._position} cannot be found: {error}"
        self.places = [*self.places, *self._trustworthy(window, added)]

    def _look_at(self, window: Window, start: int, length: int, added: list[Place]) -> None:
        try:
            place, wall_time = parse_event(window, self.path, start, length)
            self.is_complete = place is None and _is_end(window, start, length)
        except (MalformedError, UnicodeDecodeError):
            self._damaged += 1
            return
        if self._position == 0:
            self.created = wall_time
        if place is not None:
            added.append(place)

    def _trustworthy(self, window: Window, added: list[Place]) -> list[Place]:
        """Checks the sums of records whose tag or step may come from a flipped bit.

        These are records with a tag that the file did not show before, and records whose step
        agrees with neither neighbour. The sums of all others are checked when they are served.
        """
        steps = [self.places[-1].step if self.places else -1]
        steps += [place.step for place in added]
        steps.append(-1)
        kept: list[Place] = []
        for index, place in enumerate(added, start=1):
            is_expected = place.tag in self._tags and place.step in steps[index - 1 : index + 2 : 2]
            if is_expected or _is_intact(window, place):
                self._tags.add(place.tag)
                kept.append(place)
            else:
                self._damaged += 1
        return kept


def _is_intact(window: Window, place: Place) -> bool:
    """Checks the sum of a record piece by piece, since it may be of any size."""
    end = place.offset + place.length
    crc = 0
    try:
        for start in range(place.offset, end, _CHECKED_BYTES):
            crc = crc32c(window.take(start, min(start + _CHECKED_BYTES, end)), crc)
        return window.take(end, end + FOOTER_BYTES) == struct.pack("<I", masked(crc))
    except MalformedError:
        return False


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
    if step >= LARGEST_STEP or not abs(wall_time) < 1e12:
        raise MalformedError(f"no record has step {step} at {wall_time}")
    if tag is None:
        return None, wall_time
    return Place(sys.intern(tag), step, wall_time, path, start, length), wall_time


def _is_end(window: Window, start: int, length: int) -> bool:
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
