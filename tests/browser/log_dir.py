"""A log directory with known maps, written by the real writer, for the tab to show."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_structure,
    encode_table,
)

SAMPLES = 4
STEPS = range(6)
SALIENCY_STEPS = (0, 1, 2, 5)
CLASS_NAMES = ("zero", "one", "<b>two</b>")
LABELS = np.array([0, 1, 2, 0])
VERSIONS = {"tb_explain": "0.1.0", "keras": "3", "backend": "jax"}


@dataclass(frozen=True)
class Shown:
    """Four samples of random pixels; one has markup for a name."""

    inputs: Any = field(
        default_factory=lambda: np.random.default_rng(0).integers(
            0, 256, (SAMPLES, 24, 24, 3), dtype=np.uint8
        )
    )
    labels: Any = field(default_factory=lambda: LABELS)
    masks: Any = None
    names: tuple[str, ...] = ("first", "second", "<img src=x onerror=alert(1)>", "fourth")
    class_names: tuple[str, ...] = CLASS_NAMES
    notes: tuple[str, ...] = ()

    @property
    def pictures(self):
        """The samples are pictures."""
        return self.inputs


def write_run(directory, steps=STEPS):
    """Writes a complete run and returns its open writer."""
    writer = RecordWriter(directory)
    for step in steps:
        write_step(writer, step)
    writer.flush()
    return writer


def write_step(writer, step):
    """Writes all records of one step; Grad-CAM grows from step to step, saliency has gaps."""
    moment = Moment(
        step=step, epoch=step - 1 if step else None, fit=0, batch=10 * step, wall_time=1.7e9 + step
    )

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("structure", encode_structure(_layers(), moment))
        write("samples", encode_samples(Shown(), moment))
    write("prediction", _predictions(step, moment))
    write("statistics", _statistics(step, moment))
    write("GradCAM/block/conv2/label", _grad_cam(step, moment))
    if step in SALIENCY_STEPS:
        write("InputXGradient/input/label", _gradients(step, moment))
    write("Activations/block/conv2", _activations(step, moment))
    write("Filters/conv1", _filters(step, moment))
    write("progress", _progress(step, moment))


def _progress(step, moment):
    logs = {"loss": 2 / (step + 1), "accuracy": step / 6} if step else {}
    return encode_progress(moment, axis="epoch", versions=VERSIONS, logs=logs)


def _maps(explanation, moment, *, explainer, title, target="label"):
    return encode_maps(
        explanation,
        explainer=explainer,
        title=title,
        paper="",
        settings={},
        target=target,
        seconds=0.01,
        moment=moment,
    )


def _attribution(values, layer, *, signed):
    return Explanation(
        values=values.astype(np.float32),
        kind="attribution",
        layer=layer,
        signed=signed,
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(label) for label in LABELS),
        scores=(1.0,) * SAMPLES,
    )


def _grad_cam(step, moment):
    values = np.zeros((SAMPLES, 6, 6, 1))
    for sample in range(SAMPLES):
        values[sample, sample + 1, step % 6, 0] = 0.02 + step / 5
    found = _attribution(values, "block/conv2", signed=False)
    return _maps(found, moment, explainer="GradCAM", title="Grad-CAM")


def _gradients(step, moment):
    values = np.random.default_rng(step).normal(size=(SAMPLES, 12, 12, 1)) * (step + 1)
    if step == 5:
        values[0] = 0
    found = _attribution(values, None, signed=True)
    return _maps(found, moment, explainer="InputXGradient", title="Input x gradient")


def _activations(step, moment):
    values = np.random.default_rng(9).random((SAMPLES * 3, 8, 8, 1)) * (step + 1)
    values[::3] = 0
    found = Explanation(
        values=values.astype(np.float32),
        kind="activation",
        layer="block/conv2",
        samples=tuple(index // 3 for index in range(SAMPLES * 3)),
        channels=(0, 4, 5) * SAMPLES,
    )
    return _maps(found, moment, explainer="Activations", title="Activations", target=None)


def _filters(step, moment):
    values = np.random.default_rng(3).normal(size=(6, 3, 3, 3))
    found = Explanation(
        values=values.astype(np.float32),
        kind="filter",
        layer="conv1",
        signed=True,
        samples=(None,) * 6,
        channels=tuple(range(6)),
        figures={
            "norm": np.arange(6, dtype=np.float32) + step,
            "change": np.full(6, np.nan if step == 0 else 0.1 / step, np.float32),
            "alike": np.array([0.2, 0.99, 0.1, 0.3, 0.99, 0.2], np.float32),
            "twin": np.array([3, 4, 0, 0, 1, 3], np.float32),
        },
    )
    return _maps(found, moment, explainer="Filters", title="Filters", target=None)


def _predictions(step, moment):
    right = np.full(SAMPLES, step / 5, np.float32)
    predicted = np.where(step >= 3, LABELS, (LABELS + 1) % 3).astype(np.int32)
    arrays = {
        "score": right[None] * 4,
        "target": LABELS[None].astype(np.int32),
        "probability": right[None],
        "predicted": predicted,
        "predicted_probability": np.maximum(right, 1 - right),
        "top_class": np.stack([predicted, (predicted + 1) % 3], axis=1).astype(np.int32),
        "top_probability": np.tile(np.array([[0.7, 0.3]], np.float32), (SAMPLES, 1)),
        "correct": (predicted == LABELS).astype(np.uint8),
    }
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment)


def _statistics(step, moment):
    def of(values):
        return np.array(values, np.float32)

    nan = np.nan
    figures = {
        "mean": of([0.1, 0.2, nan]),
        "std": of([1, 2, nan]),
        "dead": of([0, 1, nan]),
        "sparsity": of([0.5, 0.4, nan]),
        "saturation": of([nan, nan, nan]),
        "norm": of([1 + step, 2, 3]),
        "change": of([nan, nan, nan] if step == 0 else [0.1 / step, 0.2 / step, 0.3 / step]),
    }
    facts = {"layers": ["conv1", "block/conv2", "head"]}
    return encode_table("statistics", figures, facts, moment)


def _layers():
    def layer(path, kind, shape, order, **settings):
        grid = shape if len(shape) == 3 else None
        found = {"parameters": 84, "trainable": True, "container": False, "activation": None}
        return LayerInfo(
            path=path,
            type=kind,
            layout="grid" if grid else "vector",
            shape=shape,
            grid=grid,
            order=order,
            calls=1,
            **(found | settings),
        )

    layers = (
        layer("conv1", "Conv2D", (12, 12, 6), 0, activation="relu"),
        layer("block", "Sequential", (6, 6, 8), 1, container=True, trainable=False),
        layer("block/conv2", "Conv2D", (6, 6, 8), 2, activation="relu", trainable=False),
        layer("head", "Dense", (3,), 3),
    )
    return LayerTable("small", layers, "block/conv2", "the last layer with a place", (24, 24, 3))
