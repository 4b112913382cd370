"""Headers of records as JSON; the format is defined in `record.schema.json`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.records.moment import Moment

VERSION = 1

Header = dict[str, Any]


def header_bytes(kind: str, moment: Moment, fields: Mapping[str, Any]) -> bytes:
    """Returns a header as UTF-8 JSON.

    Args:
        kind: Kind of the record.
        moment: When it was made.
        fields: What the schema asks of this kind, as JSON values.
    """
    header: Header = {
        "version": VERSION,
        "kind": kind,
        "epoch": moment.epoch,
        "fit": moment.fit,
        "batch": moment.batch,
        "wall_time": moment.wall_time,
        **fields,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return text.encode(errors="replace")


def number(value: float | None) -> float | None:
    """Returns a number with the digits that a `float32` has, or `None` if it is not finite."""
    if value is None:
        return None
    with np.errstate(over="ignore", under="ignore"):
        single = np.float32(value)
    return float(str(single)) if np.isfinite(single) else None


def numbers(column: Sequence[float | None] | npt.NDArray[np.floating[Any]]) -> list[float | None]:
    """Returns `number` of each entry; faster for a column that is long."""
    entries = column.tolist() if isinstance(column, np.ndarray) else list(column)
    known = [index for index, entry in enumerate(entries) if entry is not None]
    found: list[float | None] = [None] * len(entries)
    with np.errstate(over="ignore", under="ignore"):
        singles = np.array([entries[index] for index in known], np.float64).astype(np.float32)
    for index, single, finite in zip(known, singles, np.isfinite(singles).tolist(), strict=True):
        if finite:
            found[index] = float(str(single))
    return found
