"""Reads maps of a record: only those that are asked for, and only if they are intact."""

from collections.abc import Iterator, Sequence

import numpy as np

from tb_explain.dashboard.block import pooled
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.json_values import as_array
from tb_explain.dashboard.record_head import SCALE_BYTES, Head, MapLayout, damaged
from tb_explain.dashboard.storage import Storage
from tb_explain.dashboard.tfrecord import FOOTER_BYTES, crc32c, is_intact

Part = bytes | memoryview

_MOST_BESIDE = 4096


def read_record(storage: Storage, place: Place) -> bytes:
    """Returns the whole event of a record after a look at its checksum.

    Raises:
        RecordError: If the checksum is wrong.
        OSError: If the file cannot be read.
    """
    event = storage.read(place.path, place.offset, place.length)
    footer = storage.read(place.path, place.offset + place.length, FOOTER_BYTES)
    if not is_intact(event, footer):
        raise damaged(place)
    return event


def read_maps(
    storage: Storage, place: Place, *, head: Head, layout: MapLayout, chosen: Sequence[int]
) -> list[Part]:
    """Returns the payloads of some maps of a record.

    All maps are read at once and checked by the checksum of the record. Some of them, or those
    of a record that holds much else, are read with one read per uninterrupted range, and each is
    checked by its own checksum.

    Args:
        storage: What reads the file.
        place: Where the record lies.
        head: The head of the record.
        layout: Where its maps lie.
        chosen: Indices of maps, ascending.

    Raises:
        RecordError: If one of them is damaged.
        OSError: If the file cannot be read.
    """
    beside = place.offset + place.length - layout.offset(layout.maps)
    if len(chosen) == layout.maps and beside < _MOST_BESIDE:
        event = memoryview(read_record(storage, place))
        body = event[layout.start - place.offset :]
        return _split(place, layout, body, layout.maps)
    parts: list[Part] = []
    for first, count in _ranges(chosen):
        payloads = _read_range(storage, place, layout=layout, first=first, count=count)
        for index, payload in enumerate(payloads, start=first):
            if not _has_checksum(head, index, payload):
                raise damaged(place)
        parts += payloads
    return parts


def _read_range(
    storage: Storage, place: Place, *, layout: MapLayout, first: int, count: int
) -> list[Part]:
    offset = layout.offset(first)
    if count == 1:
        return [storage.read(place.path, offset + len(layout.prefix), layout.size)]
    body = storage.read(place.path, offset, count * layout.pitch)
    return _split(place, layout, memoryview(body), count)


def _ranges(chosen: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = 0
    for index in range(1, len(chosen) + 1):
        if index == len(chosen) or chosen[index] != chosen[index - 1] + 1:
            yield chosen[first], index - first
            first = index


def _split(place: Place, layout: MapLayout, body: memoryview, count: int) -> list[Part]:
    """Cuts payloads out of the bytes around them; what stands between them has to be right."""
    parts: list[Part] = []
    for start in range(0, count * layout.pitch, layout.pitch):
        values = start + len(layout.prefix)
        payload = body[values : start + layout.pitch]
        if bytes(body[start:values]) != layout.prefix or len(payload) != layout.size:
            raise damaged(place)
        parts.append(payload)
    return parts


def _has_checksum(head: Head, index: int, payload: Part) -> bool:
    sums = as_array(head.header["columns"].get("crc"))
    return index < len(sums) and crc32c(bytes(payload)) == sums[index]


def pool_maps(payloads: Sequence[Part], layout: MapLayout, pool: int) -> list[Part]:
    """Reduces the values of maps by the mean over squares; scale and percentile stay.

    Args:
        payloads: Maps as they are stored.
        layout: Their shape and type.
        pool: Side of a square.
    """
    dtype = np.dtype(layout.dtype).newbyteorder("<")
    stacked = np.stack([np.frombuffer(part, dtype, offset=SCALE_BYTES) for part in payloads])
    coarse = pooled(stacked.reshape(-1, *layout.shape), pool)
    return [
        bytes(payload[:SCALE_BYTES]) + values.astype(dtype).tobytes()
        for payload, values in zip(payloads, coarse, strict=True)
    ]
