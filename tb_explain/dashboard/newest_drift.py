"""How far maps are from those of the newest record, which only a reader knows to be the last."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.map_reader import read_maps
from tb_explain.dashboard.record_head import (
    SCALE_BYTES,
    Header,
    RecordError,
    map_layout,
    read_head,
)
from tb_explain.dashboard.run import Places
from tb_explain.dashboard.storage import Storage
from tb_explain.pooling import area_mean
from tb_explain.ranks import correlations, doubled_ranks

NAME: Final = "drift_to_last"
ABOUT: Final[Mapping[str, Any]] = {
    "title": "Drift to the last",
    "better": "lower",
    "range": [0, 2],
    "about": "How far from the newest record: 1 less the rank correlation of the maps.",
    "paper": "https://doi.org/10.2307/1412159",
    "cost": "No pass of the model; the reader compares the recorded maps.",
}

_KINDS = ("attribution", "attention")
_LARGEST_SIDE = 64
_AT_ONCE = 16
_BUDGET = 96 * 2**20
_RECORD_BYTES = 1000

Column = npt.NDArray[np.float32]
Turn = Callable[[], AbstractContextManager[object]]


@final
@dataclass(frozen=True, eq=False)
class _Ranked:
    """The maps of one record as they are compared."""

    ranks: npt.NDArray[np.int16]
    finite: npt.NDArray[np.bool_]
    shows: tuple[list[Any], list[Any]]
    targets: list[Any]

    @property
    def size(self) -> int:
        return _RECORD_BYTES + self.ranks.nbytes


@final
class NewestDrift:
    """Compares maps with those of the newest record of their tag.

    Ranks of records that were asked for last are kept, so that another record at the end of a
    training costs one look at each of them.
    """

    def __init__(self) -> None:
        self._used = 0
        self._ranked: OrderedDict[Place, _Ranked] = OrderedDict()
        self._lock = threading.Lock()

    def over(self, storage: Storage, places: Places, turn: Turn = nullcontext) -> dict[int, Column]:
        """Returns `1 - rank correlation` of each map with the newest one, by step.

        It is NaN where the target is another one, and for maps that are constant or not finite.
        Steps that cannot be read, or show other samples or sizes than the newest, are left out.

        Args:
            storage: What reads the files.
            places: Records of one tag of maps by step.
            turn: What to hold while some records are read, so that others get their turn too.
        """
        ranked = self._all(storage, places, turn)
        if not ranked:
            return {}
        newest = ranked[max(ranked)]
        return {
            step: _drifts(one, newest)
            for step, one in ranked.items()
            if (one.shows, one.ranks.shape) == (newest.shows, newest.ranks.shape)
        }

    def _all(self, storage: Storage, places: Places, turn: Turn) -> dict[int, _Ranked]:
        found: dict[int, _Ranked] = {}
        steps = list(places)
        for start in range(0, len(steps), _AT_ONCE):
            with turn():
                for step in steps[start : start + _AT_ONCE]:
                    ranked = self._one(storage, places[step])
                    if ranked is not None:
                        found[step] = ranked
        return found

    def _one(self, storage: Storage, place: Place) -> _Ranked | None:
        with self._lock:
            ranked = self._ranked.get(place)
            if ranked is not None:
                self._ranked.move_to_end(place)
                return ranked
        try:
            ranked = _read(storage, place)
        except (RecordError, OSError):
            return None
        with self._lock:
            if place not in self._ranked:
                self._ranked[place] = ranked
                self._used += ranked.size
            while self._used > _BUDGET and len(self._ranked) > 1:
                _, dropped = self._ranked.popitem(last=False)
                self._used -= dropped.size
        return ranked


def described(header: Header) -> Header:
    """Returns what a header says, with this figure among the metrics where there is `drift`."""
    facts = as_object(header.get("facts"))
    metrics = as_object(facts.get("metrics"))
    if header.get("kind") not in _KINDS or "drift" not in metrics:
        return header
    with_newest: dict[str, Any] = {}
    for name, about in metrics.items():
        with_newest[name] = about
        if name == "drift":
            with_newest[NAME] = ABOUT
    return {**header, "facts": {**facts, "metrics": with_newest}}


def _read(storage: Storage, place: Place) -> _Ranked:
    head = read_head(storage, place)
    layout = map_layout(place, head)
    chosen = range(layout.maps)
    payloads = read_maps(storage, place, head=head, layout=layout, chosen=chosen)
    dtype = np.dtype(layout.dtype).newbyteorder("<")
    codes = [np.frombuffer(payload, dtype, offset=SCALE_BYTES) for payload in payloads]
    stacked = np.array(codes, layout.dtype).reshape(layout.maps, *layout.shape)
    columns = as_object(head.header.get("columns"))
    lost = np.array(as_array(columns.get("not_finite")) or [0] * layout.maps, np.float64)
    shows = as_array(columns.get("sample")), as_array(columns.get("channel"))
    ranks = doubled_ranks(_cells(stacked)).astype(np.int16)
    return _Ranked(ranks, lost == 0, shows, as_array(columns["target"]))


def _cells(codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns the cells of each map as metrics look at them, up to a shift and a scale of each.

    A code grows with its value, so neither ranks nor those of means need the values themselves.
    """
    maps, rows, cols, channels = codes.shape
    if channels > 1:
        codes = codes.mean(axis=3, keepdims=True, dtype=np.float64).astype(np.float32)
    if max(rows, cols) > _LARGEST_SIDE:
        codes = area_mean(codes.astype(np.float32), _LARGEST_SIDE)
    return codes.reshape(maps, -1)


def _drifts(one: _Ranked, newest: _Ranked) -> Column:
    pairs = zip(one.targets, newest.targets, strict=True)
    same = np.array([target == last for target, last in pairs], np.bool_)
    found = 1 - correlations(one.ranks, newest.ranks)
    return np.where(same & one.finite & newest.finite, found, np.nan).astype(np.float32)
