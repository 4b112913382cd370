"""Just enough of the protocol buffer wire format to walk an event that stays on disk."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {FIXED64: 8, FIXED32: 4}


class MalformedError(ValueError):
    """The bytes are not the message they should be."""


class Field(NamedTuple):
    """One field of a message.

    Attributes:
        number: Field number of the message definition.
        wire_type: How the value is stored.
        value: The integer of a varint, else 0.
        start: Position of the first byte of the value.
        stop: Position behind the last byte of the value.
    """

    number: int
    wire_type: int
    value: int
    start: int
    stop: int


class Window:
    """Bytes of a file between two positions, read in pieces when they are asked for.

    Args:
        read: Returns `(offset, count)` bytes of the file, fewer only at its end.
        piece: Bytes to read at a time.
        limit: Position behind the last byte that may be read.
    """

    def __init__(self, read: Callable[[int, int], bytes], piece: int, *, limit: int) -> None:
        self._read = read
        self._piece = piece
        self._limit = limit
        self._offset = 0
        self._bytes = b""

    def take(self, start: int, stop: int) -> bytes:
        """Returns the bytes `[start, stop)`.

        Raises:
            MalformedError: If they reach beyond the limit or the end of the file.
        """
        if stop > self._limit or start > stop:
            raise MalformedError(f"a field ends at byte {stop}, its file at byte {self._limit}")
        taken = self._taken(start, stop)
        if len(taken) != stop - start:
            raise MalformedError("the file became shorter while it was read")
        return taken

    def peek(self, start: int, count: int) -> bytes:
        """Returns `count` bytes at `start`, fewer only at the limit or the end of the file."""
        return self._taken(start, min(start + count, self._limit))

    def varint(self, position: int, stop: int) -> tuple[int, int]:
        """Returns the variable-length integer at `position` and the position behind it.

        Raises:
            MalformedError: If it is longer than 10 bytes or not complete before `stop`.
        """
        encoded = self.take(position, min(position + 10, stop))
        value = 0
        for index, byte in enumerate(encoded):
            value |= (byte & 0x7F) << 7 * index
            if not byte & 0x80:
                return value & 0xFFFFFFFFFFFFFFFF, position + index + 1
        raise MalformedError(f"the integer at byte {position} does not end")

    def fields(self, start: int, stop: int) -> Iterator[Field]:
        """Yields the fields of the message in `[start, stop)` without reading their values.

        Raises:
            MalformedError: If a field has an unknown wire type or does not end before `stop`.
        """
        position = start
        while position < stop:
            key, position = self.varint(position, stop)
            wire_type = key & 7
            value = 0
            if wire_type == VARINT:
                begin = position
                value, end = self.varint(position, stop)
            elif wire_type == LENGTH_DELIMITED:
                length, begin = self.varint(position, stop)
                end = begin + length
            elif wire_type in _FIXED_SIZES:
                begin, end = position, position + _FIXED_SIZES[wire_type]
            else:
                raise MalformedError(f"wire type {wire_type} does not exist")
            if end > stop:
                raise MalformedError(f"a field ends at byte {end}, its message at byte {stop}")
            yield Field(key >> 3, wire_type, value, begin, end)
            position = end

    def _taken(self, start: int, stop: int) -> bytes:
        if start < self._offset or stop > self._offset + len(self._bytes):
            count = min(max(stop - start, self._piece), self._limit - start)
            self._offset, self._bytes = start, self._read(start, count)
        return self._bytes[start - self._offset : stop - self._offset]
