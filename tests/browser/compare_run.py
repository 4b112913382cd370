"""Two runs that share most of their samples, and a third of a single record, to be compared."""

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

STEPS = range(4)
CLASS_NAMES = ("zero", "one", "two")
# Which pictures each run was asked about: 4 is only in the base, 5 only in the other run.
PICTURES = {"base": (0, 1, 2, 3, 4), "other": (3, 1, 5, 0, 2)}
GRIDS = {"GradCAM/conv/label": 6, "Occlusion/input/label": 12}
SCALES = {"GradCAM/conv/label": 1, "Occlusion/input/label": 0.25}
NAMES = ("cat9", "cat10", "dog", "bird", "only base", "only other")
LATER = {"base": 1000, "other": 0}


def write_runs(directory):
    """Writes both runs."""
    for writer in start_runs(directory).values():
        writer.close()


def start_runs(directory):
    """Writes both runs, and returns what goes on writing each."""
    writers = {run: RecordWriter(directory / run / "explain") for run in PICTURES}
    for run, writer in writers.items():
        for step in STEPS:
            write_step(writer, run, step)
    return writers


def write_alone(directory):
    """Writes a run with one record of one explainer."""
    writer = RecordWriter(directory / "alone" / "explain")
    write_step(writer, "base", 0, tags=["GradCAM/conv/label"])
    writer.close()


def values(run, tag, picture, step):
    """Returns a map `(rows, cols)` whose values a code of eight bits holds exactly."""
    seed = [list(PICTURES).index(run), list(GRIDS).index(tag), picture, step]
    size = GRIDS[tag]
    signed = tag.startswith("Occlusion")
    levels, low = (127, -127) if signed else (255, 0)
    codes = np.random.default_rng(seed).integers(low, levels + 1, (size, size))
    # The two runs agree the better the larger the number of the picture is.
    shared = np.random.default_rng(seed[1:]).integers(low, levels + 1, (size, size))
    part = min(picture, 4) / 4
    codes = np.round(codes * (1 - part) + shared * part).astype(int)
    codes[0, 0] = levels
    return (codes / levels * SCALES[tag]).astype(np.float32)


def mass(run, picture):
    """Returns the share of relevance on the object."""
    return 0.1 + 0.1 * picture + 0.3 * (run == "other")


def write_step(writer, run, step, *, tags=tuple(GRIDS)):
    """Adds a record."""
    wall_time = 1.7e9 + LATER[run] + step
    moment = Moment(step=step, epoch=step, fit=0, batch=10 * step, wall_time=wall_time)

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("samples", encode_samples(_shown(run), moment))
    write("prediction", _predictions(run, step, moment))
    for tag in tags:
        write(tag, _maps(run, tag, step, moment))
    write("progress", encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS))


def _shown(run):
    every = np.random.default_rng(5).integers(0, 256, (6, 24, 24, 3), dtype=np.uint8)
    chosen = list(PICTURES[run])
    return log_dir.Shown(
        inputs=every[chosen],
        labels=np.array(chosen) % 3,
        names=tuple(NAMES[picture] for picture in chosen),
        class_names=CLASS_NAMES,
    )


def _maps(run, tag, step, moment):
    pictures = PICTURES[run]
    explainer, layer, target = tag.split("/")
    found = Explanation(
        values=np.stack([values(run, tag, picture, step) for picture in pictures])[..., None],
        kind="attribution",
        layer=None if layer == "input" else layer,
        signed=explainer == "Occlusion",
        samples=tuple(range(len(pictures))),
        targets=tuple(picture % 3 for picture in pictures),
        scores=(1.0,) * len(pictures),
        figures={"relevance_mass": np.array([mass(run, each) for each in pictures], np.float32)},
    )
    return encode_maps(
        found,
        explainer=explainer,
        title="Grad-CAM" if explainer == "GradCAM" else explainer,
        paper="",
        settings={},
        target=target,
        seconds=0.01,
        moment=moment,
    )


def _predictions(run, step, moment):
    labels = np.array(PICTURES[run], np.int32) % 3
    count = len(labels)
    predicted = labels if run == "other" else np.where(labels == 0, 1, labels).astype(np.int32)
    right = np.full(count, 0.2 + step / 10, np.float32)
    arrays = {
        "score": right[None],
        "target": labels[None],
        "probability": right[None],
        "predicted": predicted,
        "predicted_probability": right,
        "top_class": predicted[:, None],
        "top_probability": right[:, None],
        "correct": (predicted == labels).astype(np.uint8),
    }
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment)
