"""Figures of maps over time: the answer of `api/measures`."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.block import Block, check_size
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.query import UnknownError, shown
from tb_explain.dashboard.record_head import Header, RecordError, read_head
from tb_explain.dashboard.run import Run
from tb_explain.dashboard.storage import Storage

_ORIGINS = ("sample", "channel")
_BUDGET = 32 * 2**20
_ROW_BYTES = 500

Figures = Mapping[str, npt.NDArray[np.float32]]
ByStep = Mapping[int, npt.NDArray[np.float32]]


@final
@dataclass(frozen=True, eq=False)
class _Row:
    """The figures of one record, and which maps they belong to."""

    origins: int
    maps: int
    figures: Figures

    @property
    def size(self) -> int:
        return _ROW_BYTES + sum(column.nbytes for column in self.figures.values())


@final
class MeasureCache:
    """Keeps the figures of records that were asked for last.

    A header takes some fifty times as much as the figures in it, so those of a long training
    stay here although its headers do not.
    """

    def __init__(self) -> None:
        self._used = 0
        self._rows: OrderedDict[Place, _Row] = OrderedDict()
        self._lock = threading.Lock()

    def row(self, storage: Storage, place: Place) -> _Row | None:
        """Returns the figures of a record, or `None` if it cannot be read."""
        with self._lock:
            row = self._rows.get(place)
            if row is not None:
                self._rows.move_to_end(place)
                return row
        try:
            row = _row(read_head(storage, place).header)
        except (RecordError, OSError):
            return None
        with self._lock:
            if place not in self._rows:
                self._rows[place] = row
                self._used += row.size
            while self._used > _BUDGET and len(self._rows) > 1:
                _, dropped = self._rows.popitem(last=False)
                self._used -= dropped.size
        return row


def measure_block(
    run: Run,
    tag: str,
    names: Sequence[str],
    cache: MeasureCache,
    *,
    derived: Mapping[str, ByStep] | None = None,
) -> bytes:
    """Returns figures of the maps of a tag for all steps, NaN where they are not defined.

    Steps that cannot be read, or that have maps of something else than the newest one, are
    listed under `left_out`. A figure that no record has is left out.

    Args:
        run: The run.
        tag: Tag of maps.
        names: Names of figures, or nothing for all.
        cache: Figures that were read before.
        derived: Figures that the reader makes of the maps, by name and step.

    Raises:
        UnknownError: If no record of the tag can be read.
        TooLargeError: If the answer would take more than 64 MiB.
    """
    found = {step: cache.row(run.storage, place) for step, place in run.tags[tag].items()}
    known = {step: row for step, row in found.items() if row is not None}
    if not known:
        raise UnknownError(f"No record of this tag could be read. Received: {shown(tag)}")
    newest = known[max(known)]
    same = {step: row for step, row in known.items() if row.origins == newest.origins}
    columns = {step: {**_of_step(derived or {}, step), **row.figures} for step, row in same.items()}
    has = dict.fromkeys(name for figures in columns.values() for name in figures)
    chosen = [name for name in (dict.fromkeys(names) or has) if name in has]
    check_size(4 * len(chosen) * len(same) * newest.maps)
    block = Block()
    nothing = np.full(newest.maps, np.nan, np.float32)
    arrays = [
        {
            "name": name,
            "dtype": "float32",
            "shape": [len(same), newest.maps],
            "offset": block.add(
                np.array([found.get(name, nothing) for found in columns.values()], "<f4").tobytes()
            ),
        }
        for name in chosen
    ]
    header = {
        "steps": list(same),
        "maps": newest.maps,
        "arrays": arrays,
        "left_out": sorted(run.tags[tag].keys() - same.keys()),
    }
    return block.packed(header)


def _of_step(derived: Mapping[str, ByStep], step: int) -> Figures:
    return {name: by_step[step] for name, by_step in derived.items() if step in by_step}


def _row(header: Header) -> _Row:
    columns = as_object(header.get("columns"))
    origins = [as_array(columns.get(name)) for name in _ORIGINS]
    maps = len(origins[0])
    read = {name: _column(value, maps) for name, value in as_object(header.get("figures")).items()}
    figures = {name: column for name, column in read.items() if column is not None}
    return _Row(hash(repr(origins)), maps, figures)


def _column(value: Any, maps: int) -> npt.NDArray[np.float32] | None:
    """Returns a column of numbers with NaN for null, or `None` if it is none."""
    try:
        with np.errstate(over="ignore"):
            column = np.array(value, np.float64).astype(np.float32)
    except (ValueError, TypeError, OverflowError):
        return None
    return column if column.shape == (maps,) else None
