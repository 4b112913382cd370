"""The framing of event files: `uint64 length, crc of it, data, crc of it`, little endian.

References:
    TensorFlow, `tensorflow/core/lib/io/record_writer.h`.
"""

import struct
from typing import Any

import google_crc32c

HEADER_BYTES = 12
FOOTER_BYTES = 4
LARGEST_RECORD = 2**31 - 1
"""Protocol buffers do not get larger, so a longer length can only be damage."""


class FramingError(ValueError):
    """The length of a record cannot be trusted, so the place of the next one is unknown."""


def crc32c(data: bytes, before: int = 0) -> int:
    """Returns the CRC-32C of `data`, continued from the sum of what stands before them."""
    checksum: Any = google_crc32c
    return int(checksum.extend(before, data))


def masked(crc: int) -> int:
    """Returns a sum as it is stored: rotated, plus a constant."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record_length(header: bytes) -> int:
    """Returns the length of the data behind a 12-byte record header.

    Raises:
        FramingError: If its checksum is wrong or no record can be as long.
    """
    length, crc = struct.unpack("<QI", header)
    if masked(crc32c(header[:8])) != crc:
        raise FramingError("the checksum of a record's length is wrong")
    if length > LARGEST_RECORD:
        raise FramingError(f"a record claims {length} bytes, more than a record can have")
    return length


def is_intact(data: bytes, footer: bytes) -> bool:
    """Whether data are as they were written, by the checksum that follows them."""
    return footer == struct.pack("<I", masked(crc32c(data)))
