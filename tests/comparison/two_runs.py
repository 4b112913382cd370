"""Runs with known maps, to be compared, and their drift by its definition."""

from dataclasses import dataclass

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

CAM = "GradCAM/conv/label"
CLASS_NAMES = ("zero", "one", "two")
EVERY = np.random.default_rng(5).integers(0, 256, (12, 8, 8, 3), dtype=np.uint8)


@dataclass(frozen=True)
class Samples:
    """What a run was asked about: pictures out of the same few."""

    inputs: np.ndarray
    names: tuple[str, ...]
    class_names: tuple[str, ...] | None
    masks: np.ndarray | None = None
    labels: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    @property
    def pictures(self):
        """The samples are pictures."""
        return self.inputs


def write_run(directory, maps, *, steps=(3,), pictures=None, predicted=None, **about):
    """Writes a run and returns its directory.

    Args:
        directory: Where to.
        maps: Maps of each step, or of all, `(samples, rows, cols)`, or a dict of these by tag.
        steps: Steps to record.
        pictures: Which of the pictures the samples show.
        predicted: Class of each sample, or a function of the step; 0 by default.
        **about: `targets`, `masses`, `class_names`, `masks`, `samples`, `titles`.
    """
    maps = maps if isinstance(maps, dict) else {CAM: maps}
    count = len(next(iter(maps.values())))
    pictures = range(count) if pictures is None else pictures
    writer = RecordWriter(directory)
    for step in steps:
        moment = Moment(step=step, epoch=step, fit=0, batch=step, wall_time=1.7e9 + step)
        records = {}
        if step == steps[0] and about.get("samples", True):
            records["samples"] = encode_samples(_samples(pictures, about), moment)
        classes = predicted(step) if callable(predicted) else predicted
        records["prediction"] = _predictions(
            np.zeros(count) if classes is None else classes, moment
        )
        for tag, values in maps.items():
            records[tag] = _maps(tag, values, about, moment)
        seconds = dict.fromkeys(about.get("titles", ()), 1.0)
        records["progress"] = encode_progress(moment, axis="epoch", versions={}, seconds=seconds)
        for tag, blobs in records.items():
            writer.write(tag, step, moment.wall_time, blobs)
    writer.close()
    return str(directory)


def some_maps(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def slow_drift(a, b):
    """Returns 1 less Spearman's correlation of two maps `(rows, cols)`, cell by cell."""
    rows, cols = max(len(a), len(b)), max(len(a[0]), len(b[0]))
    x, y = (slow_ranks(slow_refined(each, rows, cols)) for each in (a, b))
    return 1 - np.corrcoef(x, y)[0, 1]


def slow_refined(cells, rows, cols):
    """Returns the values of a finer grid in a row: each between the four centres around it."""
    found = []
    for row in range(rows):
        for col in range(cols):
            y = min(max((row + 0.5) * len(cells) / rows - 0.5, 0), len(cells) - 1)
            x = min(max((col + 0.5) * len(cells[0]) / cols - 0.5, 0), len(cells[0]) - 1)
            sum_ = 0.0
            for i in (int(y), min(int(y) + 1, len(cells) - 1)):
                for j in (int(x), min(int(x) + 1, len(cells[0]) - 1)):
                    near = max(0.0, 1 - abs(y - i)) * max(0.0, 1 - abs(x - j))
                    # Where both neighbours are the same cell, its share is counted twice.
                    twice = (1 + (int(y) == len(cells) - 1)) * (1 + (int(x) == len(cells[0]) - 1))
                    sum_ += near * float(cells[i][j]) / twice
            found.append(np.float32(sum_))
    return found


def slow_ranks(cells):
    return [
        sum(other < cell for other in cells) + (sum(other == cell for other in cells) + 1) / 2
        for cell in cells
    ]


def _samples(pictures, about):
    chosen = list(pictures)
    masks = np.ones((len(chosen), 8, 8), np.bool_) if about.get("masks") else None
    return Samples(
        EVERY[chosen],
        tuple(f"picture {each}" for each in chosen),
        about.get("class_names", CLASS_NAMES),
        masks,
    )


def _maps(tag, values, about, moment):
    explainer, layer, target = tag.split("/")
    values = np.asarray(values, np.float32)
    values = values[..., None] if values.ndim == 3 else values
    masses = about.get("masses")
    found = Explanation(
        values=values,
        kind="attention" if explainer == "Attention" else "attribution",
        layer=layer,
        signed=True,
        samples=tuple(range(len(values))),
        targets=tuple(about.get("targets", ())),
        figures={} if masses is None else {"relevance_mass": np.asarray(masses, np.float32)},
    )
    return encode_maps(
        found,
        explainer=explainer,
        title=explainer,
        paper="",
        settings={},
        target=target,
        seconds=0.0,
        moment=moment,
    )


def _predictions(classes, moment):
    classes = np.asarray(classes, np.int32)
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": ["label"]}
    return encode_table("prediction", {"predicted": classes}, facts, moment)
