"""A run with masks and metrics of known values, for the view Samples."""

import log_dir
import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.metrics import Deletion, RelevanceNear
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_table,
)

SAMPLES = 6
STEPS = range(12)
CLASS_NAMES = ("dog", "cat with a long name that takes two lines", "bird")
LABELS = np.array([0, 1, 2, 0, 1, 2])
NAMES = tuple(f"val/{sample:03d}" for sample in range(SAMPLES))
CAM, GUIDED = "Grad-CAM", "Guided backpropagation"
CONTROL = {CAM: 0.04, GUIDED: 0.93}
SECONDS = {GUIDED: 0.2, CAM: 0.1}
METRICS = {
    "drift": {"title": "Drift", "better": None, "range": [0, 2], "about": "", "paper": ""},
    "control": {"title": "Control", "better": "lower", "range": [-1, 1], "about": "", "paper": ""},
    "relevance_mass": {
        "title": "Relevance mass",
        "better": "higher",
        "range": [0, 1],
        "about": "",
        "paper": "",
    },
    "relevance_near": RelevanceNear().facts(),
    "deletion": {**Deletion().facts(), "every": 5},
}
LEARNED = 3
ON_OBJECT = 6
LOST = {1: 10, 2: 8}
"""Step from which a sample is wrong again."""
ELSEWHERE = 3
"""The sample whose evidence never lies on the object."""


def write(directory):
    """Writes the run."""
    writer = RecordWriter(directory)
    for step in STEPS:
        _write_step(writer, step)
    writer.close()


def right(step):
    """Returns which samples are right at a step."""
    found = np.full(SAMPLES, step >= LEARNED)
    for sample, lost in LOST.items():
        found[sample] &= step < lost
    return found


def near(step):
    """Returns the share of the evidence on or near the object; half of it lies inside the mask."""
    found = np.full(SAMPLES, 0.8 if step >= ON_OBJECT else 0.2, np.float32)
    found[ELSEWHERE] = 0.1
    return found


def drift(title, step):
    """Returns how far the map of each sample moved: the second explainer the other way round."""
    places = np.arange(SAMPLES, dtype=np.float32)
    if title == GUIDED:
        places = places[::-1]
    return np.full(SAMPLES, np.nan, np.float32) if step == 0 else (places + 1) / 100 * step


def _write_step(writer, step):
    moment = Moment(step=step, epoch=step, fit=0, batch=10 * step, wall_time=1.7e9 + step)

    def write_record(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write_record("samples", encode_samples(_shown(), moment))
    write_record("prediction", _predictions(step, moment))
    write_record("GradCAM/input/label", _maps(CAM, "GradCAM", step, moment))
    write_record("GuidedBackprop/input/label", _maps(GUIDED, "GuidedBackprop", step, moment))
    progress = encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS, seconds=SECONDS)
    write_record("progress", progress)


def _shown():
    masks = np.zeros((SAMPLES, 24, 24), bool)
    masks[:, 8:16, 8:16] = True
    return log_dir.Shown(
        inputs=np.random.default_rng(4).integers(0, 256, (SAMPLES, 24, 24, 3), dtype=np.uint8),
        labels=LABELS,
        masks=masks,
        names=NAMES,
        class_names=CLASS_NAMES,
    )


def _maps(title, explainer, step, moment):
    values = np.zeros((SAMPLES, 6, 6, 1), np.float32)
    values[:, step % 6, 2] = 1
    control = np.full(SAMPLES, np.nan if step == 0 else CONTROL[title], np.float32)
    found = Explanation(
        values=values,
        kind="attribution",
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(label) for label in LABELS),
        scores=(1.0,) * SAMPLES,
        figures={
            "drift": drift(title, step),
            "control": control,
            "relevance_mass": near(step) / 2,
            "relevance_near": near(step),
            "deletion": np.full(SAMPLES, 0.25, np.float32),
        },
        facts={"metrics": METRICS},
    )
    return encode_maps(
        found,
        explainer=explainer,
        title=title,
        paper="",
        settings={},
        target="label",
        seconds=0.1,
        moment=moment,
    )


def _predictions(step, moment):
    correct = right(step)
    predicted = np.where(correct, LABELS, (LABELS + 1) % 3).astype(np.int32)
    sure = np.linspace(0.9, 0.4, SAMPLES).astype(np.float32)
    arrays = {
        "score": sure[None] * 4,
        "target": LABELS[None].astype(np.int32),
        "probability": np.where(correct, sure, 1 - sure)[None].astype(np.float32),
        "predicted": predicted,
        "predicted_probability": sure,
        "top_class": np.stack([predicted, (predicted + 1) % 3], axis=1).astype(np.int32),
        "top_probability": np.tile(np.array([[0.7, 0.3]], np.float32), (SAMPLES, 1)),
        "correct": correct.astype(np.uint8),
    }
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment)
