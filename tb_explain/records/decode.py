"""Records back into arrays, for Python users and tests; defined in `record.schema.json`."""

import json
import math
import struct
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats
from tb_explain.records.checksum import crc32c
from tb_explain.records.coding import coding_of, decode_values
from tb_explain.records.header import VERSION, Header

PREFIX = struct.Struct("<ff")


def read_header(blob: bytes) -> Header:
    """Returns the header of a record.

    Raises:
        ValueError: If it is no JSON object, or of another version.
    """
    try:
        header = json.loads(blob)
    except ValueError as error:
        raise ValueError(f"The header of this record is no JSON: {error}") from error
    if not isinstance(header, dict):
        raise ValueError("The header of this record is no JSON object.")
    fields = cast(Header, header)
    if fields.get("version") != VERSION:
        raise ValueError(
            f"This record has format version {fields.get('version')!r}; this tb_explain reads "
            f"version {VERSION}. Update tb_explain."
        )
    return fields


def read_scale(payload: bytes) -> tuple[float, float]:
    """Returns the scale and the 99th percentile of a map, both of its absolute values."""
    scale, percentile = PREFIX.unpack_from(payload)
    return scale, percentile


def map_bytes(header: Header) -> int:
    """Returns the size of the payload of one map."""
    return PREFIX.size + math.prod(header["shape"]) * np.dtype(header["dtype"]).itemsize


def is_intact(header: Header, index: int, payload: bytes) -> bool:
    """Returns whether map `index` has the checksum that its header states."""
    return crc32c(payload) == header["columns"]["crc"][index]


def decode_map(header: Header, payload: bytes) -> Floats:
    """Returns one map as `float32` of shape `(rows, cols, channels)`.

    Raises:
        ValueError: If the payload does not have the size that the header states.
    """
    if len(payload) != map_bytes(header):
        raise ValueError(
            f"A map of this record has {map_bytes(header)} bytes. Received: {len(payload)} bytes"
        )
    codes = np.frombuffer(payload, np.dtype(header["dtype"]).newbyteorder("<"), offset=PREFIX.size)
    coding = coding_of(header["dtype"], signed=header["signed"])
    return decode_values(codes.reshape(header["shape"]), read_scale(payload)[0], coding)


def decode_table(header: Header, payloads: Sequence[bytes]) -> dict[str, npt.NDArray[Any]]:
    """Returns the arrays of a table by name.

    Raises:
        ValueError: If a payload is missing or does not have the size that the header states.
    """
    if len(payloads) != len(header["arrays"]):
        raise ValueError(
            f"This record has {len(header['arrays'])} arrays. Received: {len(payloads)} payloads"
        )
    tables: dict[str, npt.NDArray[Any]] = {}
    for column, payload in zip(header["arrays"], payloads, strict=True):
        dtype = np.dtype(column["dtype"]).newbyteorder("<")
        size = math.prod(column["shape"]) * dtype.itemsize
        if len(payload) != size:
            raise ValueError(
                f"Array {column['name']!r} has {size} bytes. Received: {len(payload)} bytes"
            )
        tables[column["name"]] = np.frombuffer(payload, dtype).reshape(column["shape"])
    return tables
