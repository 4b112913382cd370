"""A run with known figures of layers and samples, and an explainer that ignores the model."""

import log_dir
import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_structure,
    encode_table,
)

SAMPLES = log_dir.SAMPLES
STEPS = range(4)
LAYERS = ("conv1", "block/conv2", "head")
MARGINS = (0.4, 0.02, 0.6, 0.2)
TAG = "GradCAM/block/conv2/label"
METRICS = {
    name: {"title": title, "better": "lower", "range": [0, 2], "about": "Known.", "paper": ""}
    for name, title in (("drift", "Drift"), ("parameter_randomization", "Random weights"))
}


def likeness(step):
    """Returns the CKA of the layers with each other: the ends lie further apart at each step."""
    far = 0.9 - 0.25 * step
    return np.array([[1, 0.8, far], [0.8, 1, 0.5], [far, 0.5, 1]], np.float32)


def moved(sample, step):
    """Returns a map that is the more like that of the newest step the later sample and step are."""
    newest = np.arange(36, dtype=np.float32)
    away = (len(STEPS) - 1 - step) * (SAMPLES - sample)
    return np.roll(newest, away).reshape(6, 6, 1)


def write_run(directory):
    """Writes the run."""
    writer = RecordWriter(directory)
    for step in STEPS:
        _write_step(writer, step)
    writer.close()


def _write_step(writer, step):
    moment = Moment(
        step=step, epoch=step - 1 if step else None, fit=0, batch=10 * step, wall_time=1.7e9 + step
    )

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("structure", encode_structure(log_dir._layers(), moment))
        write("samples", encode_samples(log_dir.Shown(), moment))
    write("prediction", _predictions(moment))
    write("statistics", _statistics(step, moment))
    write(TAG, _maps(step, moment))
    write("progress", encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS))


def _predictions(moment):
    top = np.array([[0.5 + margin / 2, 0.5 - margin / 2] for margin in MARGINS], np.float32)
    predicted = log_dir.LABELS.astype(np.int32)
    arrays = {
        "score": top[None, :, 0],
        "target": predicted[None],
        "probability": top[None, :, 0],
        "predicted": predicted,
        "predicted_probability": top[:, 0],
        "top_class": np.stack([predicted, (predicted + 1) % 3], axis=1).astype(np.int32),
        "top_probability": top,
        "correct": np.ones(SAMPLES, np.uint8),
    }
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment)


def _statistics(step, moment):
    first = np.full(3, np.nan, np.float32)
    later = np.array([0.99, 0.95, 0.9], np.float32)
    turned = np.array([0.01, 0.02, 0.03], np.float32)
    arrays = {
        "norm": np.ones(3, np.float32),
        "change": first if step == 0 else turned,
        "cka": first if step == 0 else later,
        "filter_drift": first if step == 0 else turned,
        "cka_layers": likeness(step),
    }
    facts = {"layers": list(LAYERS), "compared": list(LAYERS), "samples": SAMPLES}
    return encode_table("statistics", arrays, facts, moment)


def _maps(step, moment):
    figures = {
        "drift": np.full(SAMPLES, 0.1, np.float32),
        "parameter_randomization": np.full(SAMPLES, 0.82, np.float32),
    }
    found = Explanation(
        values=np.stack([moved(sample, step) for sample in range(SAMPLES)]),
        kind="attribution",
        layer="block/conv2",
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(label) for label in log_dir.LABELS),
        scores=(1.0,) * SAMPLES,
        figures=figures,
        facts={"metrics": METRICS},
    )
    return encode_maps(
        found,
        explainer="GradCAM",
        title="Grad-CAM",
        paper="",
        settings={},
        target="label",
        seconds=0.01,
        moment=moment,
    )
