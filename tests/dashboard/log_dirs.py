"""Log directories as training leaves them, written by the real writer, and ways to damage them."""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records.checksum import masked_crc32c
from tb_explain.records.encode import encode_maps, encode_progress, encode_table
from tb_explain.records.moment import Moment
from tb_explain.records.pictures import encode_samples
from tb_explain.records.scalars import Scalars
from tb_explain.records.writer import RecordWriter

GRADCAM = "GradCAM/conv/label"
START = 1_700_000_000.0


@dataclass(frozen=True)
class Samples:
    """Samples as far as a record knows them."""

    inputs: Any
    names: tuple[str, ...]
    pictures: Any
    masks: Any
    labels: Any = None
    class_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


def moment(step):
    return Moment(
        step=step, epoch=step - 1 if step else None, fit=0, batch=32 * step, wall_time=START + step
    )


def maps_at(step, *, maps=4, rows=6, cols=5, signed=False, kind="attribution"):
    """Returns maps that differ at every step."""
    random = np.random.default_rng(step)
    values = random.normal(size=(maps, rows, cols, 1)).astype(np.float32)
    return Explanation(
        values=values if signed else np.abs(values),
        kind=kind,
        layer="conv",
        signed=signed,
        samples=tuple(range(maps)),
        targets=(3,) * maps,
        scores=tuple(float(step + index) for index in range(maps)),
        channels=tuple(range(maps)),
        figures={"norm": np.arange(maps, dtype=np.float32) + step},
        statistics={"dead": step / 10},
    )


def map_blobs(step, explanation=None):
    return encode_maps(
        explanation or maps_at(step),
        explainer="GradCAM",
        title="Grad-CAM",
        paper="https://arxiv.org/abs/1610.02391",
        settings={"layer": "conv"},
        target="label",
        seconds=0.5 + step,
        moment=moment(step),
    )


def table_blobs(step, samples=3):
    arrays = {
        "predicted": np.arange(samples, dtype=np.int32) + step,
        "score": np.full((1, samples), step + 0.5, np.float32),
        "correct": np.ones(samples, np.uint8),
    }
    facts = {"task": "multiclass", "classes": 10, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment(step))


def progress_blobs(step, **fields):
    versions = {"tb_explain": "1", "keras": "3", "backend": "jax"}
    logs = {"loss": 1 / step} if step else None
    return encode_progress(moment(step), axis="epoch", versions=versions, logs=logs, **fields)


def sample_blobs(step, count=2):
    pictures = np.random.default_rng(0).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    masks = pictures[..., 0] > 127
    names = tuple(f"sample {index}" for index in range(count))
    return encode_samples(Samples(pictures, names, pictures, masks), moment(step))


def write(directory, records):
    """Writes `(tag, step, blobs)` into a new event file and returns its path.

    In place of blobs there may be figures by tag, which are written as scalars.
    """
    before = set(directory.glob("*.tb_explain")) if directory.exists() else set()
    writer = RecordWriter(directory)
    begins = True
    for tag, step, blobs in records:
        if isinstance(blobs, dict):
            scalars = Scalars(START + step, blobs, dict.fromkeys(blobs, f"About {tag}."), begins)
            begins = False
            writer.write_later(step, [scalars].copy, size=0)
        else:
            writer.write(tag, step, START + step, blobs)
    writer.close()
    (path,) = set(directory.glob("*.tb_explain")) - before
    return path


def step_records(step, tags=(GRADCAM,)):
    return [
        *((tag, step, map_blobs(step)) for tag in tags),
        ("progress", step, progress_blobs(step)),
    ]


def write_steps(directory, steps, tags=(GRADCAM,)):
    """Writes complete steps into a new event file and returns its path."""
    return write(directory, [record for step in steps for record in step_records(step, tags)])


def frames(content):
    """Returns the position of each record and the length of its event."""
    found, position = [], 0
    while position < len(content):
        (length,) = struct.unpack_from("<Q", content, position)
        found.append((position, length))
        position += 16 + length
    return found


def flip(path, position):
    """Flips one bit of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def with_length(length):
    """Returns the head of a record that claims a length, with the right checksum."""
    encoded = struct.pack("<Q", length)
    return encoded + struct.pack("<I", masked_crc32c(encoded))
