"""Settings and facts as JSON values."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt


def plain(value: object) -> Any:
    """Returns a value as JSON knows it.

    Numbers that are not finite become `None`, arrays their shape and content hash, explainers
    and other dataclasses their name and settings, functions and everything else their name.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, np.generic):
        return plain(cast(Any, value).item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return _plain_container(value)


def _plain_container(value: object) -> Any:
    if isinstance(value, Mapping):
        entries = cast(Mapping[object, object], value)
        return {str(key): plain(entry) for key, entry in entries.items()}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in cast(list[object], value)]
    if isinstance(value, np.ndarray):
        return _plain_array(cast(npt.NDArray[Any], value))
    if is_dataclass(value) and not isinstance(value, type):
        settings = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"name": type(value).__name__, **settings}
    return getattr(value, "__name__", type(value).__name__)


def _plain_array(array: npt.NDArray[Any]) -> Any:
    if array.ndim == 0:
        return plain(array[()])
    content = np.ascontiguousarray(array).tobytes()
    return {"shape": list(array.shape), "sha256": hashlib.sha256(content).hexdigest()[:16]}
