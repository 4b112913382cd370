"""A long run whose maps change at known steps and at no others."""

import log_dir
import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_table,
)

SAMPLES = 12
STEPS = range(31)
CHANGES = (7, 20)
FLIP = 20
EVERY = 5
LABELS = np.arange(SAMPLES) % 3
NAMES = tuple(f"val/{sample:04d}" for sample in range(SAMPLES))


def shown():
    """Returns samples of random pixels."""
    return log_dir.Shown(
        inputs=np.random.default_rng(1).integers(0, 256, (SAMPLES, 24, 24, 3), dtype=np.uint8),
        labels=LABELS,
        names=NAMES,
    )


def write_film(directory, steps=STEPS):
    """Writes the run and returns its open writer."""
    writer = RecordWriter(directory)
    for step in steps:
        write_step(writer, step)
    writer.flush()
    return writer


def predicted(step):
    """Returns the predicted class of each sample: all flip from the next class to the label."""
    return LABELS if step >= FLIP else (LABELS + 1) % 3


def write_step(writer, step):
    """Writes all records of one step; occlusion has one at every fifth step."""
    moment = Moment(step=step, epoch=step, fit=0, batch=10 * step, wall_time=1.7e9 + step)

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("samples", encode_samples(shown(), moment))
    write("prediction", _predictions(step, moment))
    write("GradCAM/conv/label", _maps(step, moment, "GradCAM", "Grad-CAM"))
    write("GradCAM/conv/predicted", _maps(step, moment, "GradCAM", "Grad-CAM", "predicted"))
    if step % EVERY == 0:
        write("Occlusion/input/label", _maps(step, moment, "Occlusion", "Occlusion"))
    logs = {"loss": 2 / (step + 1), "accuracy": step / 31}
    write("progress", encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS, logs=logs))


def _maps(step, moment, explainer, title, target="label"):
    phase = sum(step >= change for change in CHANGES)
    pattern = np.random.default_rng(phase).random((SAMPLES, 8, 8, 1))
    found = Explanation(
        values=(pattern * (step + 20)).astype(np.float32),
        kind="attribution",
        layer="conv" if explainer == "GradCAM" else None,
        signed=False,
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(one) for one in (LABELS if target == "label" else predicted(step))),
        scores=(1.0,) * SAMPLES,
    )
    return encode_maps(
        found,
        explainer=explainer,
        title=title,
        paper="",
        settings={},
        target=target,
        seconds=0.01,
        moment=moment,
    )


def _predictions(step, moment):
    found = predicted(step).astype(np.int32)
    right = np.full(SAMPLES, step / 31, np.float32)
    arrays = {
        "score": np.stack([right, right]) * 4,
        "target": np.stack([LABELS, found]).astype(np.int32),
        "probability": np.stack([right, np.maximum(right, 1 - right)]),
        "predicted": found,
        "predicted_probability": np.maximum(right, 1 - right),
        "top_class": np.stack([found, (found + 1) % 3], axis=1).astype(np.int32),
        "top_probability": np.tile(np.array([[0.7, 0.3]], np.float32), (SAMPLES, 1)),
        "correct": (found == LABELS).astype(np.uint8),
    }
    facts = {
        "task": "multiclass",
        "classes": 3,
        "output": None,
        "targets": ["label", "predicted"],
    }
    return encode_table("prediction", arrays, facts, moment)
