"""How far the values of maps reach over all steps of a run: the answer of `api/extents`."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.block import Block
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.map_reader import read_maps
from tb_explain.dashboard.record_head import (
    SCALE_BYTES,
    Head,
    MapLayout,
    RecordError,
    damaged,
    map_layout,
    read_head,
)
from tb_explain.dashboard.run import Run
from tb_explain.dashboard.storage import Storage

Floats = npt.NDArray[np.float32]

FIRST_RECORDS = 64
"""Records of the first answer, evenly spread, so that a long run is painted at once."""
PATIENCE = 0.1
"""Seconds after which an answer says what is known so far."""
QUICK_PATIENCE = 0.02
"""The same for who waits for a first picture."""
_KEPT_TAGS = 512
_NEAR = 4
"""Maps of up to so many pieces of a file are read together with what stands in front of them."""
_ROUNDING = 1e-5


@dataclass
class _Scan:
    """What is known about a tag.

    Attributes:
        extents: Largest scale and p99 of each map, `(maps, 2)`.
        seen: Records that were read.
        left_out: Steps of those that could not be read.
        lock: Held while records are read.
    """

    extents: Floats = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    seen: set[Place] = field(default_factory=set[Place])
    left_out: list[int] = field(default_factory=list[int])
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Row(NamedTuple):
    """Scale and p99 of the maps of a record, and what their payloads are found by."""

    place: Place
    head: Head
    layout: MapLayout
    extents: Floats


@final
class Extents:
    """Finds the largest scale and 99th percentile of every map over all records of a tag.

    Both stand in front of the values of a map, so next to nothing is read. What was found is
    kept: a run that grows costs its new records only. The first answer about a long run comes
    from evenly spread records; whoever asks again gets more of them, until all are read.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._scans: OrderedDict[tuple[str, str], _Scan] = OrderedDict()
        self._lock = threading.Lock()

    def block(self, run: Run, tag: str, *, is_quick: bool = False) -> tuple[bytes, bool]:
        """Returns a block with the arrays `scale` and `p99`, and whether all records are in it.

        Its header is `{records, read, left_out, arrays}`: how many records there are, how many
        of them were read, and the steps of those that cannot be.

        Args:
            run: The run.
            tag: One of its tags with maps.
            is_quick: Whether what is known already will do, or a first look if nothing is.
        """
        places = list(run.tags[tag].values())
        scan = self._scan(run, tag)
        with scan.lock:
            if not scan.seen <= set(places):
                scan.extents, scan.seen, scan.left_out = np.zeros((0, 2), np.float32), set(), []
            if not (is_quick and scan.seen):
                patience = QUICK_PATIENCE if is_quick else PATIENCE
                self._advance(scan, run.storage, places, self._clock() + patience)
            packed = _packed(scan, len(places))
            return packed, len(scan.seen) == len(places)

    def _scan(self, run: Run, tag: str) -> _Scan:
        key = (run.name, tag)
        with self._lock:
            scan = self._scans.setdefault(key, _Scan())
            self._scans.move_to_end(key)
            while len(self._scans) > _KEPT_TAGS:
                self._scans.popitem(last=False)
        return scan

    def _advance(self, scan: _Scan, storage: Storage, places: Sequence[Place], stop: float) -> None:
        missing = [place for place in places if place not in scan.seen]
        if not scan.seen:
            missing = _spread(missing, FIRST_RECORDS)
        rows: list[_Row] = []
        for place in missing:
            try:
                rows.append(_row(storage, place))
            except (RecordError, OSError):
                scan.left_out.append(place.step)
            scan.seen.add(place)
            if self._clock() > stop:
                break
        _take(scan, storage, rows)


def _spread(places: list[Place], most: int) -> list[Place]:
    """Returns up to `most` places at even distances, so that its beginning is spread as well.

    The newest comes first: maps of the untrained model alone would make all others one colour.
    """
    most = min(most, len(places))
    chosen = np.linspace(len(places) - 1, 0, most).round().astype(int)
    halving = sorted(range(most), key=lambda index: f"{index:032b}"[::-1])
    return [places[chosen[index]] for index in halving]


def _row(storage: Storage, place: Place) -> _Row:
    """Reads what stands in front of the values of each map of a record.

    Raises:
        RecordError: If the record is damaged.
        OSError: If the file cannot be read.
    """
    head = read_head(storage, place)
    layout = map_layout(place, head)
    length = len(layout.prefix) + SCALE_BYTES
    if layout.pitch <= _NEAR * storage.piece:
        body = storage.read(place.path, layout.start, layout.maps * layout.pitch)
        starts = range(0, len(body), layout.pitch)
        fronts = [body[start : start + length] for start in starts]
    else:
        offsets = map(layout.offset, range(layout.maps))
        fronts = [storage.read(place.path, offset, length) for offset in offsets]
    if any(len(front) != length or not front.startswith(layout.prefix) for front in fronts):
        raise damaged(place)
    numbers = b"".join(front[len(layout.prefix) :] for front in fronts)
    extents = np.frombuffer(numbers, "<f4").reshape(-1, 2).astype(np.float32)
    scale, p99 = extents.T
    is_sane = np.isfinite(extents).all() and (extents >= 0).all()
    if not is_sane or (p99 > scale * (1 + _ROUNDING)).any():
        raise damaged(place)
    return _Row(place, head, layout, extents)


def _take(scan: _Scan, storage: Storage, rows: list[_Row]) -> None:
    """Adds what records say.

    Maps that decide about a scale are read in full and checked: one flipped bit in front of a
    map could leave all others without colour.
    """
    while rows:
        maps = max(len(scan.extents), *(len(row.extents) for row in rows))
        known = _padded(scan.extents, maps)
        all_rows = np.stack([_padded(row.extents, maps) for row in rows])
        deciding = all_rows.argmax(axis=0)
        is_new = all_rows.max(axis=0) > known
        broken: set[int] = {
            index
            for index in sorted({int(index) for index in deciding[is_new]})
            if not _is_intact(storage, rows[index], (is_new & (deciding == index)).any(axis=1))
        }
        if not broken:
            scan.extents = np.maximum(known, all_rows.max(axis=0))
            return
        scan.left_out += [rows[index].place.step for index in broken]
        rows = [row for index, row in enumerate(rows) if index not in broken]


def _padded(extents: Floats, maps: int) -> Floats:
    return np.pad(extents, ((0, maps - len(extents)), (0, 0)))


def _is_intact(storage: Storage, row: _Row, is_deciding: npt.NDArray[np.bool_]) -> bool:
    """Whether the checksums of those maps of a record are right that decide about a scale."""
    chosen = np.flatnonzero(is_deciding).tolist()
    try:
        read_maps(storage, row.place, head=row.head, layout=row.layout, chosen=chosen)
    except (RecordError, OSError):
        return False
    return True


def _packed(scan: _Scan, records: int) -> bytes:
    block = Block()
    arrays = [
        {
            "name": name,
            "dtype": "float32",
            "shape": [len(scan.extents)],
            "offset": block.add(column.astype("<f4").tobytes()),
        }
        for name, column in zip(("scale", "p99"), scan.extents.T, strict=True)
    ]
    header = {
        "records": records,
        "read": len(scan.seen),
        "left_out": sorted(scan.left_out),
        "arrays": arrays,
    }
    return block.packed(header)
