"""Explanations and tables as the blobs of a record; defined in `record.schema.json`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Explanation, Floats
from tb_explain.pooling import area_mean
from tb_explain.records.checksum import crc32c
from tb_explain.records.coding import CodeType, coding_of, encode_values
from tb_explain.records.header import header_bytes, number, numbers
from tb_explain.records.moment import Moment
from tb_explain.records.plain import plain

if TYPE_CHECKING:
    from tb_explain.probe.structure.layer_table import LayerTable

TABLE_TYPES = ("float32", "int32", "uint8")


def encode_maps(
    explanation: Explanation,
    *,
    explainer: str,
    title: str,
    paper: str,
    settings: Mapping[str, Any],
    target: str | None,
    seconds: float,
    moment: Moment,
) -> list[bytes]:
    """Encodes an explanation as `[header, map_0, map_1, ...]`.

    Values that are not finite are counted and stored as 0. Maps larger than
    `explanation.recorded_size` are pooled by area mean.

    Args:
        explanation: Maps to encode.
        explainer: Class name of the explainer, `GradCAM`.
        title: Name of the explainer to show, `Grad-CAM`.
        paper: Address of its paper, or an empty string.
        settings: Its settings by name.
        target: Name of the target, or `None` for maps that have none.
        seconds: What the maps cost.
        moment: When they were made.

    Raises:
        ValueError: If a map has no entries.
    """
    native = _not_empty(explanation.values)
    finite, not_finite = _finite(native)
    size = explanation.recorded_size
    values = finite if size is None else area_mean(finite, size)
    signed = explanation.signed
    dtype = _code_type(explanation.kind, values.shape)
    payloads = encode_values(values, coding_of(dtype, signed=signed))
    fields = {
        "explainer": explainer,
        "title": title,
        "paper": paper,
        "settings": plain(settings),
        "layer": explanation.layer,
        "target": target,
        "signed": signed,
        "dtype": dtype,
        "shape": list(values.shape[1:]),
        "native": list(native.shape[1:3]),
        "seconds": number(seconds),
        "facts": plain(explanation.facts),
        "columns": _columns(explanation, not_finite, payloads),
        "figures": _figures(explanation),
        "statistics": {name: number(value) for name, value in explanation.statistics.items()},
    }
    return [header_bytes(explanation.kind, moment, fields), *payloads]


def encode_table(
    kind: Literal["prediction", "statistics"],
    arrays: Mapping[str, npt.NDArray[Any]],
    facts: Mapping[str, Any],
    moment: Moment,
) -> list[bytes]:
    """Encodes arrays as `[header, array_0, array_1, ...]`.

    Args:
        kind: `prediction` or `statistics`.
        arrays: `float32`, `int32` or `uint8` arrays by name.
        facts: The other fields that the schema asks of this kind, such as `task` or `layers`.
        moment: When they were made.

    Raises:
        TypeError: If an array is of another type.
    """
    for name, array in arrays.items():
        if array.dtype.name not in TABLE_TYPES:
            raise TypeError(
                f"A table holds arrays of {', '.join(TABLE_TYPES)}. "
                f"Received: {name!r} of {array.dtype.name}"
            )
    columns = [
        {"name": name, "dtype": array.dtype.name, "shape": list(array.shape)}
        for name, array in arrays.items()
    ]
    header = header_bytes(kind, moment, {**plain(facts), "arrays": columns})
    return [header, *(_little_endian(array) for array in arrays.values())]


def encode_structure(layers: "LayerTable", moment: Moment) -> list[bytes]:
    """Encodes the layers of a model as `[header]`, one column per property."""
    rows = layers.layers
    fields = {
        "model": layers.model,
        "path": [row.path for row in rows],
        "type": [row.type for row in rows],
        "shape": [list(row.grid or row.shape) for row in rows],
        "parameters": [row.parameters for row in rows],
        "trainable": [row.trainable for row in rows],
        "container": [row.container for row in rows],
        "activation": [row.activation for row in rows],
        "calls": [row.calls for row in rows],
        "target": layers.target,
        "target_reason": layers.target_reason,
    }
    return [header_bytes("structure", moment, plain(fields))]


def encode_progress(
    moment: Moment,
    *,
    axis: Literal["epoch", "batch"],
    versions: Mapping[str, str],
    logs: Mapping[str, float] | None = None,
    seconds: Mapping[str, float] | None = None,
    failures: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    findings: Sequence[Mapping[str, Any]] = (),
    watch_begins: bool = False,
) -> list[bytes]:
    """Encodes what happened at one step as `[header]`; written last, it completes the step.

    Args:
        moment: When it was.
        axis: What a step counts.
        versions: Versions of `tb_explain` and `keras`, and the name of the `backend`.
        logs: Logs of training by name.
        seconds: Seconds spent by title of the explainer.
        failures: A tag that has no record at this step, and why.
        notes: Sentences for the reader.
        findings: What begins or ends to deserve a look, as the schema has it.
        watch_begins: Whether nothing is known of earlier findings.
    """
    fields: dict[str, Any] = {
        "axis": axis,
        "logs": {
            name: number(value) for name, value in (logs or {}).items() if np.ndim(value) == 0
        },
        "seconds": {title: number(spent) for title, spent in (seconds or {}).items()},
        "failures": [{"tag": tag, "reason": why} for tag, why in failures],
        "versions": dict(versions),
        "notes": list(notes),
    }
    if findings:
        fields["findings"] = plain(findings)
    if watch_begins:
        fields["watch_begins"] = True
    return [header_bytes("progress", moment, fields)]


def _not_empty(values: Floats) -> Floats:
    if 0 in values.shape[1:]:
        raise ValueError(
            "A map has rows, columns and channels, at least one of each. "
            f"Received: values.shape={values.shape}"
        )
    return values


def _finite(values: Floats) -> tuple[Floats, list[int]]:
    """Returns the values with 0 in place of those not finite, and how many those are per map."""
    finite = np.isfinite(values)
    if finite.all():
        return values, [0] * len(values)
    lost = np.count_nonzero(~finite, axis=(1, 2, 3))
    return np.where(finite, values, np.float32(0)), [int(count) for count in lost]


def _code_type(kind: str, shape: tuple[int, ...]) -> CodeType:
    """Returns 16 bits where small differences between steps are looked at, else 8."""
    fine = kind in {"attribution", "attention"} and max(shape[1:3]) <= 64
    return "uint16" if fine else "uint8"


def _columns(
    explanation: Explanation, not_finite: list[int], payloads: list[bytes]
) -> dict[str, list[Any]]:
    return {
        "sample": _indices(explanation.samples),
        "target": _indices(explanation.targets),
        "score": numbers(explanation.scores),
        "channel": _indices(explanation.channels),
        "not_finite": not_finite,
        "crc": [crc32c(payload) for payload in payloads],
    }


def _figures(explanation: Explanation) -> dict[str, list[float | None]]:
    return {name: numbers(figure) for name, figure in explanation.figures.items()}


def _indices(column: Sequence[int | None]) -> list[int | None]:
    return [None if index is None else int(index) for index in column]


def _little_endian(array: npt.NDArray[Any]) -> bytes:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
