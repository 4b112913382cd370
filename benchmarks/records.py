"""What recording costs: encoding, writing, and bytes on disk.

Run with `python benchmarks/records.py`.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records import Moment, RecordWriter, encode_maps

STEPS = 20
CASES = {
    "16 Grad-CAM maps 7x7": ("attribution", 16, 7, 1),
    "16 Grad-CAM maps 14x14": ("attribution", 16, 14, 1),
    "16 saliency maps 224x224, pooled": ("attribution", 16, 224, 1),
    "64 activations 224x224 (50 kB)": ("activation", 64, 224, 1),
    "64 RGB filters 7x7": ("filter", 64, 7, 3),
}


def main() -> None:
    """Prints one row per kind of record; MB/s are of `float32` maps, then of the stored bytes."""
    print(f"{'record':<34}{'encode ms':>11}{'MB/s':>8}{'write ms':>10}{'MB/s':>8}{'bytes':>11}")
    for name, (kind, maps, side, channels) in CASES.items():
        print(row(name, explanation_of(kind, maps, side, channels)))


def row(name: str, explanation: Explanation) -> str:
    """Returns what one kind of record costs."""
    blobs = encoded(explanation, 0)
    stored = sum(map(len, blobs))
    encoding = median_seconds(lambda step: encoded(explanation, step))
    writing, size = measured_writes(blobs)
    return (
        f"{name:<34}{encoding * 1e3:>11.2f}{explanation.values.nbytes / encoding / 1e6:>8.0f}"
        f"{writing * 1e3:>10.2f}{stored / writing / 1e6:>8.0f}{size:>11,.0f}"
    )


def explanation_of(kind: str, maps: int, side: int, channels: int) -> Explanation:
    """Returns an explanation of noise; maps of the input are pooled to 56 x 56."""
    values = np.random.default_rng(0).normal(size=(maps, side, side, channels))
    signed = kind == "filter"
    return Explanation(
        values=(values if signed else np.abs(values)).astype(np.float32),
        kind=kind,
        layer="conv5",
        signed=signed,
        samples=tuple(range(maps)),
        targets=(3,) * maps,
        scores=tuple(float(score) for score in values[:, 0, 0, 0]),
        recorded_size=56 if kind == "attribution" else None,
    )


def encoded(explanation: Explanation, step: int) -> list[bytes]:
    """Returns the record of an explanation."""
    return encode_maps(
        explanation,
        explainer="GradCAM",
        title="Grad-CAM",
        paper="https://arxiv.org/abs/1610.02391",
        settings={"layer": "conv5"},
        target="label",
        seconds=0.01,
        moment=Moment(step, epoch=step, fit=0, batch=100 * step, wall_time=1.7e9 + step),
    )


def median_seconds(action: Callable[[int], object]) -> float:
    """Returns the median time of an action over some steps, after one to warm up."""
    action(0)
    times: list[float] = []
    for step in range(STEPS):
        start = time.perf_counter()
        action(step)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def measured_writes(blobs: list[bytes]) -> tuple[float, float]:
    """Returns seconds until a record can be read by others, and its bytes in the file."""
    with tempfile.TemporaryDirectory() as directory:
        writer = RecordWriter(directory)

        def write(step: int) -> None:
            writer.write("GradCAM/conv5/label", step, 1.7e9 + step, blobs)
            writer.flush()

        seconds = median_seconds(write)
        writer.close()
        size = sum(path.stat().st_size for path in Path(directory).glob("*.tb_explain"))
    return seconds, size / (STEPS + 1)


if __name__ == "__main__":
    main()
