"""Records of a run, back in Python."""

import io
import os
from collections.abc import Iterator, Mapping
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.event_index import EventIndex
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.map_reader import read_maps, read_record
from tb_explain.dashboard.newest_drift import NewestDrift
from tb_explain.dashboard.record_head import (
    MAP_KINDS,
    Header,
    map_layout,
    payload_places,
    read_head,
    window_on,
)
from tb_explain.dashboard.roots import Root
from tb_explain.dashboard.run import SAMPLES, Places, Run
from tb_explain.dashboard.storage import UnreadableError
from tb_explain.explanation import Explanation, Floats
from tb_explain.records.decode import decode_map

Pixels = npt.NDArray[np.uint8]


def load(directory: str | os.PathLike[str]) -> "Records":
    """Returns the maps that were recorded in a run.

    ```python
    records = tbx.load("logs/explain")
    records["GradCAM/conv4/label"][24].values
    ```

    Args:
        directory: Where the event files of one run lie, a path or a URL such as
            `gs://bucket/logs/explain`.

    Raises:
        ValueError: If there are no records of maps that can be read.
    """
    return Records(open_run(directory))


def open_run(directory: str | os.PathLike[str], *, below: bool = False) -> Run:
    """Finds the records of a run.

    Args:
        directory: Where its event files lie, a path or a URL.
        below: Whether the run below the directory will do, where there is just one.

    Raises:
        ValueError: If there are no records that can be read.
    """
    path = os.fspath(directory)
    index = EventIndex((Root(path, None),))
    try:
        snapshot = index.refresh()
    except UnreadableError as error:
        raise ValueError(str(error)) from error
    runs = snapshot.runs
    run = runs.get(".") or (next(iter(runs.values())) if below and len(runs) == 1 else None)
    if run is None:
        if snapshot.problem:
            raise ValueError(snapshot.problem)
        names = [os.path.join(path, name) for name in runs]
        found = f"Runs below it: {', '.join(map(repr, names))}." if names else "There are none."
        raise ValueError(
            f"A run is a directory with event files of tb_explain. {found} Received: {path!r}"
        )
    if run.problem and not run.tags:
        raise ValueError(run.problem)
    return run


def payloads_of(run: Run, place: Place) -> tuple[Header, list[bytes]]:
    """Reads a whole record: its header, and what it holds.

    Raises:
        ValueError: If it is damaged.
    """
    head = read_head(run.storage, place)
    event = read_record(run.storage, place)
    start = place.offset
    payloads = payload_places(window_on(event, place), place, head)
    return head.header, [event[at - start : at - start + size] for at, size in payloads]


@final
class Records(Mapping[str, "Steps"]):
    """Explanations of a run by tag, and by step within a tag; read when they are asked for.

    What is read is intact, of the newest training where steps were trained twice, and never
    changes; load again to see what was recorded since.

    Attributes:
        run: What the run holds, and where it lies.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._tags = {tag: places for tag, places in run.tags.items() if _holds_maps(run, places)}
        self._pictures: Pixels | None = None
        self._has_looked = False

    def __getitem__(self, tag: str) -> "Steps":
        return Steps(self, self.run, self._tags[tag])

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)

    def __repr__(self) -> str:
        steps = self.run.steps
        tags = "".join(f"\n  {tag}" for tag in self._tags)
        return f"<Records of {len(steps)} steps, {steps[0]} to {steps[-1]}>{tags}"

    @property
    def pictures(self) -> Pixels | None:
        """The samples as pictures, `(samples, rows, cols, 1 or 3)`, or `None` without any."""
        if not self._has_looked:
            self._pictures = _read_pictures(self.run)
            self._has_looked = True
        return self._pictures


@final
class Steps(Mapping[int, Explanation]):
    """Explanations of a tag by step."""

    def __init__(self, records: Records, run: Run, places: Places) -> None:
        self._records = records
        self._run = run
        self._places = places

    def __getitem__(self, step: int) -> Explanation:
        """Reads the record of a step.

        Raises:
            KeyError: If there is none at this step.
            ValueError: If it is damaged.
        """
        return _read(self._run, self._places[step], self._records.pictures)

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def drift_to_last(self) -> dict[int, Floats]:
        """Returns how far the maps of each step are from those of the newest one.

        By step, 1 less the rank correlation of each map, `(maps,)`: 0 where the cells keep their
        order, 1 where nothing is left of it. NaN where the target is another one and for constant
        maps. Steps that cannot be compared are left out.
        """
        return NewestDrift().over(self._run.storage, self._places)

    def __repr__(self) -> str:
        return f"<Explanations at the steps {', '.join(map(str, self._places))}>"


def _holds_maps(run: Run, places: Places) -> bool:
    """Whether the newest record that can be read holds maps."""
    heads = HeadCache(0)
    found = (heads.find(run.storage, place) for place in reversed(list(places.values())))
    head = next(filter(None, found), None)
    return head is not None and head.header.get("kind") in MAP_KINDS


def _read(run: Run, place: Place, pictures: Pixels | None) -> Explanation:
    head = read_head(run.storage, place)
    layout = map_layout(place, head)
    chosen = range(layout.maps)
    payloads = read_maps(run.storage, place, head=head, layout=layout, chosen=chosen)
    header: Any = head.header
    shape = (layout.maps, *layout.shape)
    values = np.array([decode_map(header, bytes(payload)) for payload in payloads], np.float32)
    columns = as_object(header.get("columns"))
    is_of_samples = pictures is not None and _fits(columns.get("sample"), len(pictures))
    return Explanation(
        values=values.reshape(shape),
        kind=header["kind"],
        layer=header.get("layer"),
        signed=bool(header.get("signed")),
        samples=tuple(as_array(columns.get("sample"))),
        targets=tuple(as_array(columns.get("target"))),
        scores=tuple(as_array(columns.get("score"))),
        channels=tuple(as_array(columns.get("channel"))),
        figures={name: _numbers(one) for name, one in as_object(header.get("figures")).items()},
        statistics=_statistics(header.get("statistics")),
        facts=as_object(header.get("facts")),
        title=str(header.get("title") or ""),
        pictures=pictures if is_of_samples else None,
    )


def _fits(samples: Any, count: int) -> bool:
    """Whether all maps belong to samples that have a picture."""
    return all(type(sample) is int and sample < count for sample in as_array(samples))


def _numbers(column: Any) -> Floats:
    return np.array([np.nan if entry is None else entry for entry in as_array(column)], np.float32)


def _statistics(statistics: Any) -> dict[str, float]:
    return {
        name: np.nan if value is None else float(value)
        for name, value in as_object(statistics).items()
    }


def _read_pictures(run: Run) -> Pixels | None:
    """Returns the pictures of the samples, unless some have none."""
    from PIL import Image

    places = list(run.tags.get(SAMPLES, {}).values())
    if not places:
        return None
    header, payloads = payloads_of(run, places[-1])
    indices = as_array(header.get("pictures"))
    if not indices or any(type(index) is not int for index in indices):
        return None
    pictures = [np.asarray(Image.open(io.BytesIO(payloads[int(index)]))) for index in indices]
    if len({picture.shape for picture in pictures}) > 1:
        return None
    stacked = np.stack(pictures)
    return stacked[..., None] if stacked.ndim == 3 else stacked[..., :3]
