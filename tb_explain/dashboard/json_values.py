"""JSON from headers, which may hold anything, and JSON for browsers, which must not."""

import json
import math
from typing import Any, cast


def as_object(value: Any) -> dict[str, Any]:
    """Returns a JSON object, or an empty one in place of anything else."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def as_array(value: Any) -> list[Any]:
    """Returns a JSON array, or an empty one in place of anything else."""
    return cast(list[Any], value) if isinstance(value, list) else []


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Turns one object per step into one array per name; null where a step lacks the name."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def strict_json(value: Any) -> bytes:
    """Returns JSON that every browser reads: what is not finite becomes null."""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), separators=(",", ":"), allow_nan=False)
    return text.encode()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        entries = cast(dict[str, Any], value)
        return {key: _finite(entry) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in cast(list[Any], value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
