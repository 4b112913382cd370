"""Records with every coding and kind; the golden files are made of them."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records.encode import encode_maps, encode_table
from tb_explain.records.moment import Moment
from tb_explain.records.pictures import encode_samples

MOMENT = Moment(step=3, epoch=2, fit=0, batch=96, wall_time=1700000000.25)


@dataclass(frozen=True)
class Samples:
    """Samples as far as a record knows them."""

    inputs: Any
    names: tuple[str, ...]
    labels: np.ndarray | None = None
    pictures: np.ndarray | None = None
    masks: np.ndarray | None = None
    class_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


def explanation(values: Any, **fields: Any) -> Explanation:
    maps = np.asarray(values, np.float32)
    facts = {
        "kind": "attribution",
        "layer": "conv",
        "samples": tuple(range(len(maps))),
        "targets": (3,) * len(maps),
        "scores": (1.25,) * len(maps),
        **fields,
    }
    return Explanation(values=maps, **facts)


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


ONE_HOT = np.zeros((1, 4, 4, 1), np.float32)
ONE_HOT[0, 2, 1] = 7.5
NOT_FINITE = noise(2, 3, 3, 1)
NOT_FINITE[0, 0, :2, 0] = np.nan, np.inf

MAPS = {
    "unsigned_uint8": explanation(np.abs(noise(2, 3, 5, 1)), kind="activation", channels=(4, 9)),
    "unsigned_uint16": explanation(np.abs(noise(2, 3, 5, 1))),
    "signed_uint8": explanation(noise(2, 3, 5, 1), kind="activation", signed=True),
    "signed_uint16": explanation(noise(2, 3, 5, 1), signed=True),
    "zero": explanation(np.zeros((1, 3, 3, 1))),
    "constant": explanation(np.full((1, 3, 3, 1), 0.3), signed=True),
    "denormal": explanation(np.abs(noise(1, 3, 3, 1)) * 1e-40),
    "huge": explanation(noise(1, 3, 3, 1) * 1e30, signed=True),
    "negative": explanation(-np.abs(noise(1, 3, 3, 1)) - 1, signed=True),
    "one_hot": explanation(ONE_HOT),
    "rgb_filter": explanation(
        noise(2, 3, 3, 3),
        kind="filter",
        signed=True,
        samples=(None, None),
        targets=(None, None),
        scores=(None, None),
        channels=(0, 5),
        figures={"norm": np.float32([1.5, 0.25]), "change": np.float32([0.1, np.nan])},
        statistics={"dead": 0.125, "explained": float("nan")},
        facts={"note": "First layer, in the colours of the input."},
    ),
    "not_finite": explanation(NOT_FINITE, signed=True),
}


def encode(maps: Explanation, moment: Moment = MOMENT) -> list[bytes]:
    return encode_maps(
        maps,
        explainer="GradCAM",
        title="Grad-CAM",
        paper="https://arxiv.org/abs/1610.02391",
        settings={"layer": "conv"},
        target=None if maps.kind == "filter" else "label",
        seconds=0.5,
        moment=moment,
    )


TABLE = {
    "score": np.float32([[2.5, -1.0], [0.5, 3.0]]),
    "target": np.int32([[3, -1], [1, 2]]),
    "probability": np.float32([[0.9, np.nan], [0.1, 0.75]]),
    "predicted": np.int32([3, -1]),
    "predicted_probability": np.float32([0.9, np.nan]),
    "top_class": np.int32([[3, 1], [2, 0]]),
    "top_probability": np.float32([[0.9, 0.05], [0.75, 0.2]]),
    "correct": np.uint8([1, 255]),
}
TABLE_FACTS = {
    "task": "multiclass",
    "classes": 4,
    "output": None,
    "targets": ["label", "predicted"],
}
PICTURES = (np.arange(2 * 3 * 4 * 3, dtype=np.uint8) * 3).reshape(2, 3, 4, 3)
MASKS = np.eye(3, 4)[None].repeat(2, 0) > 0
SAMPLES = Samples(
    PICTURES,
    ("seven", "naïve 数"),
    labels=np.array([1, 0]),
    pictures=PICTURES,
    masks=MASKS,
    class_names=("cat", "dog"),
)


def encode_prediction() -> list[bytes]:
    return encode_table("prediction", TABLE, TABLE_FACTS, MOMENT)


def encode_pictures() -> list[bytes]:
    return encode_samples(SAMPLES, MOMENT)


def stored(values: np.ndarray) -> np.ndarray:
    """Returns what a record can hold of values: 0 in place of those not finite."""
    return np.where(np.isfinite(values), values, 0)


def golden(blobs: list[bytes], values: Any) -> dict[str, Any]:
    """Returns a record as its golden file holds it."""
    return {
        "header": json.loads(blobs[0]),
        "payloads": [base64.b64encode(blob).decode() for blob in blobs[1:]],
        "values": values,
    }
