"""Packed blocks, the form in which numbers travel to the browser, and what is done to fit them.

A block is `b"TBX1"`, the `uint32` length of the header, the header as UTF-8 JSON, zeros up to
a multiple of 8, and the body; all little endian. Offsets in the header count from the body.
"""

import struct
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.json_values import strict_json

MAGIC = b"TBX1"
LARGEST_BLOCK = 64 * 2**20
_ALIGNMENT = 8


class TooLargeError(ValueError):
    """A block would get larger than a browser should be sent; the message is a sentence."""


@final
class Block:
    """A body that grows part by part."""

    def __init__(self) -> None:
        self._parts: list[bytes | memoryview] = []
        self._size = 0

    def add(self, *parts: bytes | memoryview) -> int:
        """Appends parts back to back.

        Returns:
            The offset of the first part, a multiple of 8.

        Raises:
            TooLargeError: If the body would get larger than 64 MiB.
        """
        padding = -self._size % _ALIGNMENT
        offset = self._size + padding
        self._size = offset + sum(len(part) for part in parts)
        check_size(self._size)
        self._parts += [bytes(padding), *parts]
        return offset

    def packed(self, header: Any) -> bytes:
        """Returns the block with its header."""
        encoded = strict_json(header)
        padding = bytes(-(len(MAGIC) + 4 + len(encoded)) % _ALIGNMENT)
        start = MAGIC + struct.pack("<I", len(encoded))
        return b"".join([start, encoded, padding, *self._parts])


def check_size(size: int) -> None:
    """Refuses a body of more than 64 MiB.

    Raises:
        TooLargeError: If it is larger.
    """
    if size > LARGEST_BLOCK:
        raise TooLargeError(
            f"One answer holds up to {LARGEST_BLOCK // 2**20} MiB; ask for fewer steps or maps, "
            f"or for a coarser pool. Received: a request for at least {-(-size // 2**20)} MiB"
        )


def pooled_shape(shape: tuple[int, int, int], pool: int) -> tuple[int, int, int]:
    """Returns the shape `(rows, cols, channels)` of maps after pooling."""
    rows, cols, channels = shape
    return -(-rows // pool), -(-cols // pool), channels


def pooled(codes: npt.NDArray[Any], pool: int) -> npt.NDArray[Any]:
    """Reduces stored values by the mean over squares, cut off at the lower and right border.

    Args:
        codes: Stored values `(maps, rows, cols, channels)`.
        pool: Side of a square.

    Returns:
        Values of the same type, `(maps, rows / pool, cols / pool, channels)`, sides rounded up.
    """
    maps, rows, cols, channels = codes.shape
    coarse_rows, coarse_cols, _ = pooled_shape((rows, cols, channels), pool)
    beyond = ((0, 0), (0, coarse_rows * pool - rows), (0, coarse_cols * pool - cols), (0, 0))
    squares = np.pad(codes, beyond).reshape(maps, coarse_rows, pool, coarse_cols * pool, channels)
    in_cols = squares.sum(axis=2, dtype=np.float32)
    sums = sum(in_cols[:, :, col::pool] for col in range(pool))
    counts = _counts(rows, pool)[:, None, None] * _counts(cols, pool)[:, None]
    return np.rint(sums / counts).astype(codes.dtype)


def _counts(side: int, pool: int) -> npt.NDArray[np.float32]:
    """Returns how many rows or columns each square covers."""
    starts = np.arange(0, side, pool)
    return np.minimum(starts + pool, side).astype(np.float32) - starts.astype(np.float32)
