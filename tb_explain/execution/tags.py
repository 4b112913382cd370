"""Names of what an explainer records."""

import hashlib
from dataclasses import MISSING, Field, fields
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from tb_explain.execution.result import layer_of
from tb_explain.explainers.base import Explainer

_LAYER: Final = "layer"
_NOT_IN_TAGS: Final = (_LAYER, "every")
_DIGITS: Final = 8


def settings_of(explainer: Explainer) -> dict[str, Any]:
    """Returns the settings that differ from their defaults, without the layer and `every`.

    Numbers, strings and booleans come as they are, arrays as a hash of their content, explainers
    as they are written, anything else as its `repr`.
    """
    return {
        field.name: _readable(getattr(explainer, field.name))
        for field in fields(explainer)
        if field.name not in _NOT_IN_TAGS and _differs(field, getattr(explainer, field.name))
    }


def tag_of(explainer: Explainer, target: str | None) -> str:
    """Returns the tag under which maps are recorded: `GradCAM/conv5/label`.

    Args:
        explainer: The explainer as it was asked for, with the layer that it explains filled in.
        target: Name of the target, or `None` for maps that have none.
    """
    layer = layer_of(explainer) or "input"
    parts = [type(explainer).__name__ + _bracketed(settings_of(explainer)), layer]
    return "/".join(parts if target is None else [*parts, target])


def _bracketed(settings: dict[str, Any]) -> str:
    if not settings:
        return ""
    return "[" + ",".join(f"{name}={value}" for name, value in settings.items()) + "]"


def _differs(field: "Field[Any]", value: Any) -> bool:
    default = field.default
    if default is MISSING and field.default_factory is not MISSING:
        default = field.default_factory()
    if default is MISSING:
        return True
    if isinstance(value, np.ndarray) or isinstance(default, np.ndarray):
        return _readable(value) != _readable(default)
    return bool(value != default)


def _readable(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _content_hash(cast("npt.NDArray[Any]", value))
    if isinstance(value, Explainer):
        settings = ",".join(f"{name}={inner}" for name, inner in settings_of(value).items())
        return f"{type(value).__name__}({settings})"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return repr(value)


def _content_hash(values: npt.NDArray[Any]) -> str:
    described = f"{values.dtype.str}{values.shape}".encode()
    digest = hashlib.sha256(described + np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:_DIGITS]
