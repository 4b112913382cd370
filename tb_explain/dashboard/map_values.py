"""Values of maps as files for other programs: the answer of `api/values`."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.block import check_size
from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.map_reader import read_maps
from tb_explain.dashboard.query import QueryError, Spans, UnknownError, shown
from tb_explain.dashboard.record_head import SCALE_BYTES, MapLayout, RecordError, map_layout
from tb_explain.dashboard.run import SAMPLES, Run

Floats = npt.NDArray[np.float32]

_CODES = {
    ("uint8", False): (0, 255),
    ("uint8", True): (128, 127),
    ("uint16", False): (0, 65535),
    ("uint16", True): (32768, 32767),
}
"""Integer of the value 0, and integers from it to the scale, by type and whether signed."""
_ROW_BYTES = 64
_NAME_CHARACTERS = 80
_COLUMNS = ("sample", "target", "channel")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class Chosen:
    """Some maps of one record.

    Attributes:
        run: The run.
        tag: One of its tags.
        step: A step at which the tag was recorded.
        maps: Which of its maps.
    """

    run: Run
    tag: str
    step: int
    maps: Spans


@dataclass(frozen=True)
class MapValues:
    """Values of some maps of one record.

    Attributes:
        run: Name of the run.
        tag: The tag.
        step: The step.
        maps: Indices of the maps in their record.
        columns: Sample, target and channel of each map, `None` where there is none.
        names: Name of the sample of each map, `""` where there is none.
        values: `(maps, rows, cols, channels)`.
    """

    run: str
    tag: str
    step: int
    maps: list[int]
    columns: dict[str, list[int | None]]
    names: list[str]
    values: Floats


def read_values(chosen: Chosen, heads: HeadCache) -> MapValues:
    """Reads maps and decodes their values.

    Raises:
        UnknownError: If the record does not exist or cannot be read.
        TooLargeError: If they take more than 64 MiB.
    """
    run, place = chosen.run, chosen.run.tags[chosen.tag].get(chosen.step)
    if place is None:
        raise UnknownError(f"This tag has no record at the step. Received: step={chosen.step}")
    try:
        head = heads.head(run.storage, place)
        layout = map_layout(place, head)
        maps = chosen.maps.choose(range(layout.maps))
        check_size(4 * len(maps) * prod(layout.shape))
        payloads = read_maps(run.storage, place, head=head, layout=layout, chosen=maps)
    except (RecordError, OSError) as error:
        raise UnknownError(f"The record of step {chosen.step} could not be read.") from error
    listed = as_object(head.header.get("columns"))
    columns = {name: [_entry(listed.get(name), at) for at in maps] for name in _COLUMNS}
    values = _decoded(payloads, layout, is_signed=head.header.get("signed") is True)
    names = _names(run, columns["sample"], heads)
    return MapValues(run.name, chosen.tag, chosen.step, maps, columns, names, values)


def _entry(column: Any, index: int) -> int | None:
    entries = as_array(column)
    entry = entries[index] if index < len(entries) else None
    return entry if type(entry) is int else None


def _names(run: Run, samples: list[int | None], heads: HeadCache) -> list[str]:
    places = list(run.tags.get(SAMPLES, {}).values())
    head = heads.find(run.storage, places[-1]) if places else None
    names = as_array(head.header.get("names")) if head else []
    return [str(names[at]) if at is not None and 0 <= at < len(names) else "" for at in samples]


def _decoded(
    payloads: Iterable[bytes | memoryview], layout: MapLayout, *, is_signed: bool
) -> Floats:
    zero, levels = _CODES[layout.dtype, is_signed]
    dtype = np.dtype(layout.dtype).newbyteorder("<")
    maps: list[Floats] = []
    for payload in payloads:
        scale = float(np.frombuffer(payload, "<f4", 1)[0])
        codes = np.frombuffer(payload, dtype, offset=SCALE_BYTES).reshape(layout.shape)
        maps.append(((codes.astype(np.float64) - zero) / levels * scale).astype(np.float32))
    return np.stack(maps) if maps else np.zeros((0, *layout.shape), np.float32)


def as_npz(all_values: Iterable[MapValues]) -> bytes:
    """Returns a NumPy archive: values per record, what its maps are, and `about` as JSON."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    about: dict[str, Any] = {}
    for values in all_values:
        name = _free_name(f"{_plain(values.tag)}-{values.step}", about)
        about[name] = {"run": values.run, "tag": values.tag, "step": values.step}
        about[name] |= {"maps": values.maps, "names": values.names}
        arrays[name] = values.values
        for column, entries in values.columns.items():
            numbers = [-1 if entry is None else entry for entry in entries]
            arrays[f"{name}.{column}"] = np.array(numbers, np.int64)
    arrays["about"] = np.array(json.dumps(about))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def _plain(name: str) -> str:
    """Returns a name that can stand in an archive, whatever a tag holds."""
    return re.sub(r"[^0-9A-Za-z_+]+", ".", name).strip(".")[:_NAME_CHARACTERS] or "maps"


def _free_name(name: str, taken: dict[str, Any]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}.{number}", number + 1
    return free


def as_csv(all_values: Iterable[MapValues]) -> bytes:
    """Returns one line per value.

    Raises:
        TooLargeError: If that takes more than 64 MiB.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["run", "tag", "step", *_COLUMNS, "name", "row", "col", "plane", "value"])
    lines = 0
    for values in all_values:
        lines += values.values.size
        check_size(_ROW_BYTES * lines)
        writer.writerows(_lines(values))
    return buffer.getvalue().encode(errors="replace")


def _lines(values: MapValues) -> Iterator[list[Any]]:
    record = [_text(values.run), _text(values.tag), values.step]
    for index, one in enumerate(values.values):
        columns = [values.columns[name][index] for name in _COLUMNS]
        front = [*record, *columns, _text(values.names[index])]
        for place, value in np.ndenumerate(one):
            yield [*front, *place, value]


def _text(text: str) -> str:
    """Returns a text that a spreadsheet shows and does not run."""
    return "'" + text if text.startswith(_FORMULA) else text


class ValuesFile(NamedTuple):
    """A file.

    Attributes:
        content: Its bytes.
        content_type: What they are.
    """

    content: bytes
    content_type: str


def values_file(chosen: Iterable[Chosen], form: str, heads: HeadCache) -> ValuesFile:
    """Returns the values of maps as an archive (`npz`) or a table (`csv`).

    Raises:
        QueryError: If the file is to be another.
        UnknownError: If a record does not exist or cannot be read.
        TooLargeError: If it gets larger than 64 MiB.
    """
    values = (read_values(one, heads) for one in chosen)
    if form == "npz":
        return ValuesFile(as_npz(values), "application/zip")
    if form == "csv":
        return ValuesFile(as_csv(values), "text/csv")
    raise QueryError(f"'format' must be npz or csv. Received: {shown(form)}")


def parse_choice(text: str) -> list[dict[str, Any]]:
    """Returns what `[{"run": ..., "tag": ..., "step": 3, "maps": "0-3"}, ...]` asks for.

    Raises:
        QueryError: If it says something else.
    """
    try:
        choice: Any = json.loads(text)
    except (ValueError, RecursionError):
        choice = None
    entries = [as_object(entry) for entry in as_array(choice)]
    if not entries or any(type(entry.get("step")) is not int for entry in entries):
        raise QueryError(
            "'choice' must be a JSON list of objects with 'run', 'tag', 'step' and 'maps'. "
            f"Received: {shown(text)}"
        )
    return entries
