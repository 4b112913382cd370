"""One event file: which records it holds and where, found a piece at a time as it grows."""

import posixpath
import struct
from collections.abc import Callable
from typing import final

from tb_explain.dashboard.event_parser import (
    PLAIN_BYTES,
    Place,
    is_end,
    parse_event,
    plain_place,
)
from tb_explain.dashboard.protobuf import MalformedError, Window
from tb_explain.dashboard.storage import Found, Read, Storage
from tb_explain.dashboard.tfrecord import (
    FOOTER_BYTES,
    HEADER_BYTES,
    FramingError,
    crc32c,
    masked,
    record_length,
)

_FINGERPRINT_BYTES = 64
_CHECKED_BYTES = 2**20


@final
class EventFile:
    """The records of one event file, in the order in which they were written.

    Reading stops before a record that is not complete yet and goes on there next time. A record
    whose event makes no sense is left out alone; behind a length that cannot be trusted nothing
    is found.

    Args:
        storage: What reads the file.
        found: The file, as it was listed.
        pause: Called before each record; returns when reading may go on.

    Attributes:
        path: Path or URL to read it by.
        identity: Changes when another file takes its place.
        generation: How often it was replaced while it was followed.
        created: Wall time of its first event.
        places: Its records, in the order in which they were written.
        is_complete: Whether its writer has said that nothing more will follow.
    """

    def __init__(self, storage: Storage, found: Found, pause: Callable[[], None]) -> None:
        self.path = found.path
        self.identity = found.identity
        self.generation = 0
        self.created = 0.0
        self.places: list[Place] = []
        self.is_complete = False
        self._storage = storage
        self._pause = pause
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
            with self._storage.opened(self.path) as read:
                self._find_records(read, size)
        except OSError:
            self._position, self._damaged = position, damaged
            raise

    def _find_records(self, read: Read, size: int) -> None:
        window = Window(read, self._storage.piece, limit=size)
        added: list[Place] = []
        try:
            while self._position + HEADER_BYTES <= size:
                self._pause()
                start = self._position + HEADER_BYTES
                head = window.peek(self._position, HEADER_BYTES + PLAIN_BYTES)
                length = record_length(window.take(self._position, start))
                if start + length + FOOTER_BYTES > size:
                    break
                place = plain_place(head[HEADER_BYTES:], self.path, start, length)
                if place is not None and self._position:
                    self.is_complete = False
                    added.append(place)
                else:
                    self._look_at(window, start, length, added)
                self._position = start + length + FOOTER_BYTES
        except (FramingError, MalformedError) as error:
            self._rest_lost = f"what follows byte {self._position} cannot be found: {error}"
        self.places = [*self.places, *self._trustworthy(window, added)]

    def _look_at(self, window: Window, start: int, length: int, added: list[Place]) -> None:
        try:
            place, wall_time = parse_event(window, self.path, start, length)
            self.is_complete = place is None and is_end(window, start, length)
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
