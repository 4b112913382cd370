"""Maps as codes of 8 or 16 bits; the format is defined in `record.schema.json`."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats

CodeType = Literal["uint8", "uint16"]


@dataclass(frozen=True)
class Coding:
    """How a code `q` stands for a value: `(q - zero) / levels * scale`.

    Attributes:
        dtype: Type of the codes.
        zero: Code of the value 0.
        levels: Steps between 0 and the scale.
    """

    dtype: CodeType
    zero: int
    levels: int


def coding_of(dtype: CodeType, *, signed: bool) -> Coding:
    """Returns the coding of maps stored as `dtype`.

    Signed codes leave out the lowest one, so that they are symmetric around an exact zero.
    """
    bits = np.iinfo(dtype).bits
    half = 2 ** (bits - 1)
    return Coding(dtype, half, half - 1) if signed else Coding(dtype, 0, 2**bits - 1)


def encode_values(values: Floats, coding: Coding) -> list[bytes]:
    """Returns each map as `float32 scale, float32 p99, codes`, little-endian and row-major.

    Args:
        values: Finite maps, shape `(maps, rows, cols, channels)`; none below zero unless the
            coding is signed.
        coding: How to write them.

    Returns:
        One payload of `8 + rows * cols * channels * itemsize` bytes per map.
    """
    flat = values.reshape(len(values), math.prod(values.shape[1:]))
    sizes = np.abs(flat)
    scales = sizes.max(axis=1, initial=0)
    codes = _codes(flat, scales, coding)
    payloads = np.empty((len(flat), 8 + codes.shape[1] * codes.itemsize), np.uint8)
    payloads[:, :8] = np.stack([scales, _percentile_99(sizes)], axis=1).astype("<f4").view(np.uint8)
    payloads[:, 8:] = codes.view(np.uint8)
    return [payload.tobytes() for payload in payloads]


def decode_values(codes: npt.NDArray[Any], scale: float, coding: Coding) -> Floats:
    """Returns the values that codes of one map stand for, in the shape of the codes."""
    levels = (codes.astype(np.float64) - coding.zero) / coding.levels
    return (levels * scale).astype(np.float32)


def _codes(flat: Floats, scales: Floats, coding: Coding) -> npt.NDArray[Any]:
    precision = np.float64 if coding.dtype == "uint16" else np.float32
    codes = np.divide(flat, np.where(scales > 0, scales, 1)[:, None], dtype=precision)
    codes *= coding.levels
    np.rint(codes, out=codes)
    codes += coding.zero
    return codes.astype(np.dtype(coding.dtype).newbyteorder("<"))


def _percentile_99(sizes: Floats) -> Floats:
    """Returns the percentile of each row; eight times faster than `numpy.percentile`."""
    position = 0.99 * (sizes.shape[1] - 1)
    below = int(position)
    parts = np.partition(sizes, below, axis=1)
    low = parts[:, below].astype(np.float64)
    above = parts[:, below + 1 :].min(axis=1, initial=np.inf)
    high = np.where(np.isfinite(above), above, low)
    return (low + (high - low) * (position - below)).astype(np.float32)
