"""Tables, figures and pictures: the answers of `api/table`, `api/figures` and `api/pictures`."""

from collections.abc import Mapping
from functools import partial
from math import prod
from typing import Any

from tb_explain.dashboard.block import Block, check_size
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object, columns_of
from tb_explain.dashboard.listing import Heads, column_facts, static_facts
from tb_explain.dashboard.map_reader import read_record
from tb_explain.dashboard.query import UnknownError, shown
from tb_explain.dashboard.record_head import (
    Head,
    Header,
    RecordError,
    payload_places,
    window_on,
)
from tb_explain.dashboard.run import SAMPLES, Run
from tb_explain.dashboard.storage import Storage

_ITEM_BYTES = {
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "float32": 4,
    "float64": 8,
}


def table_block(run: Run, tag: str, heads: HeadCache) -> bytes:
    """Returns the arrays of a table for all steps, stacked along a new first axis.

    Steps that cannot be read, or whose arrays differ in shape from the newest ones, are
    listed under `left_out`.

    Raises:
        UnknownError: If the tag holds no table that can be read.
        TooLargeError: If the table takes more than 64 MiB.
    """
    rows = _rows(run, tag, heads)
    if not rows:
        raise UnknownError(f"This tag holds no table that could be read. Received: {shown(tag)}")
    newest, _ = rows[max(rows)]
    same = {step: row for step, row in rows.items() if row[0]["arrays"] == newest["arrays"]}
    block = Block()
    arrays = [
        {
            "name": array["name"],
            "dtype": array["dtype"],
            "shape": [len(same), *array["shape"]],
            "offset": block.add(*(payloads[index] for _, payloads in same.values())),
        }
        for index, array in enumerate(newest["arrays"])
    ]
    header = {
        "steps": list(same),
        "arrays": arrays,
        "facts": static_facts(newest),
        "left_out": sorted(run.tags[tag].keys() - same.keys()),
    }
    return block.packed(header)


def _rows(run: Run, tag: str, heads: HeadCache) -> dict[int, tuple[Header, list[bytes]]]:
    """Returns the header and the arrays of each step that can be read."""
    rows: dict[int, tuple[Header, list[bytes]]] = {}
    size = 0
    for step, place in run.tags[tag].items():
        row = _row(run.storage, place, heads)
        if row is not None:
            rows[step] = row
            size += sum(len(payload) for payload in row[1])
            check_size(size)
    return rows


def _row(storage: Storage, place: Place, heads: HeadCache) -> tuple[Header, list[bytes]] | None:
    """Returns the header and the arrays of one step, or `None` if they cannot be read."""
    try:
        head = heads.head(storage, place)
        payloads = _payloads(storage, place, head)
        arrays = [as_object(array) for array in head.header["arrays"]]
        sizes = [prod(array["shape"]) * _ITEM_BYTES[array["dtype"]] for array in arrays]
        is_whole = all(
            type(side) is int and side >= 0 for array in arrays for side in array["shape"]
        )
    except (RecordError, OSError, KeyError, TypeError):
        return None
    is_named = len({str(array.get("name")) for array in arrays}) == len(arrays)
    is_sized = [len(payload) for payload in payloads] == sizes
    return (head.header, payloads) if is_whole and is_named and is_sized else None


def _payloads(storage: Storage, place: Place, head: Head) -> list[bytes]:
    """Returns all payloads of a record, read at once and checked."""
    check_size(place.length)
    event = read_record(storage, place)
    return [
        event[start - place.offset : start - place.offset + size]
        for start, size in payload_places(window_on(event, place), place, head)
    ]


def figures(run: Run, tag: str, heads: HeadCache) -> dict[str, Any]:
    """Returns the figures of the maps and of the layer for all steps.

    Steps that cannot be read, or that have other channels than the newest one, are listed
    under `left_out`.

    Raises:
        UnknownError: If no record of the tag can be read.
    """
    found = ((step, heads.find(run.storage, place)) for step, place in run.tags[tag].items())
    headers = {step: head.header for step, head in found if head is not None}
    if not headers:
        raise UnknownError(f"No record of this tag could be read. Received: {shown(tag)}")
    columns = column_facts(headers[max(headers)], ["channel"])
    same = {
        step: header
        for step, header in headers.items()
        if column_facts(header, ["channel"]) == columns
    }
    return {
        "steps": list(same),
        "columns": columns,
        "figures": _over_time(same, "figures"),
        "statistics": _over_time(same, "statistics"),
        "left_out": sorted(run.tags[tag].keys() - same.keys()),
    }


def _over_time(headers: Mapping[int, Header], group: str) -> dict[str, list[Any]]:
    return columns_of([as_object(header.get(group)) for header in headers.values()])


def pictures_block(run: Run, heads: Heads) -> bytes:
    """Returns the pictures and masks of the samples.

    Raises:
        UnknownError: If the run has none that can be read.
        TooLargeError: If they take more than 64 MiB.
    """
    places = list(run.tags.get(SAMPLES, {}).values())
    if not places:
        raise UnknownError(f"This run holds no pictures. Received: {shown(run.name)}")
    try:
        head = heads.records.head(run.storage, places[-1])
        payloads = _payloads(run.storage, places[-1], head)
    except (RecordError, OSError) as error:
        sentence = f"The pictures of this run could not be read. Received: {shown(run.name)}"
        raise UnknownError(sentence) from error
    block = Block()
    offsets = [block.add(payload) for payload in payloads]
    entries = partial(_picture_entries, head.header, payloads, offsets)
    return block.packed({"pictures": entries("pictures"), "masks": entries("masks")})


def _picture_entries(
    header: Header, payloads: list[bytes], offsets: list[int], name: str
) -> list[dict[str, Any]]:
    """Returns where the picture or mask of each sample lies, for the samples that have one."""
    mimes = as_array(header.get("mime"))
    return [
        {
            "sample": sample,
            "mime": mimes[index] if index < len(mimes) else None,
            "offset": offsets[index],
            "bytes": len(payloads[index]),
        }
        for sample, index in enumerate(as_array(header.get(name)))
        if type(index) is int and 0 <= index < len(payloads)
    ]
