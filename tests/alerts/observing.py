"""Records made by hand, for rules to look at."""

import numpy as np

from tb_explain.alerts import Observed
from tb_explain.alerts.run_watch import RunWatch
from tb_explain.execution.statistics import COLUMNS, Statistics
from tb_explain.explanation import Explanation
from tb_explain.probe.observation import Predictions
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable

SAMPLES = 16
CLASSES = 4
CLASS_NAMES = ("zero", "one", "two", "three")
LABELS = np.arange(SAMPLES) % CLASSES
CAM = "GradCAM/conv/label"


def layer(path, *, channels=8, grid=True, kernel="conv", **facts):
    """Returns a layer with `channels` of 10 x 10 places, or of none."""
    shape = (10, 10, channels) if grid else (channels,)
    known = {
        "path": path,
        "type": "Conv2D" if grid else "Dense",
        "layout": "grid" if grid else "vector",
        "shape": shape,
        "grid": shape if grid else None,
        "parameters": 80,
        "trainable": True,
        "container": False,
        "activation": "relu",
        "order": 0,
        "calls": 1,
        "kernel": kernel,
        "kernel_shape": (3, 3, 1, channels),
    }
    return LayerInfo(**{**known, **facts})


def statistics(**layers):
    """Returns a table of figures; those that are not given are those of a healthy layer."""
    healthy = {"mean": 1, "std": 1, "dead": 0, "sparsity": 0.5, "norm": 1, "change": 0.1}
    rows = [{**healthy, **figures} for figures in layers.values()]
    columns = {
        name: np.array([row.get(name, np.nan) for row in rows], np.float32) for name in COLUMNS
    }
    return Statistics(tuple(layers), columns)


def predictions(predicted, *, task="multiclass", score=1.0):
    """Returns what a model predicts for the label of each sample."""
    predicted = np.asarray(predicted, np.int32)
    scores = np.broadcast_to(np.float32(score), (1, len(predicted)))
    arrays = {
        "score": scores,
        "target": LABELS[None].astype(np.int32),
        "probability": np.full((1, len(predicted)), 0.9, np.float32),
        "predicted": predicted,
        "predicted_probability": np.full(len(predicted), 0.9, np.float32),
        "correct": (predicted == LABELS).astype(np.uint8),
    }
    return Predictions(arrays, task, CLASSES, None, ("label",))


def explanation(values=None, **fields):
    """Returns maps of all samples, 2 x 2 cells of 1 where nothing else is given."""
    maps = np.ones((SAMPLES, 2, 2, 1), np.float32) if values is None else values
    facts = {"kind": "attribution", "layer": "conv", "samples": tuple(range(SAMPLES))}
    return Explanation(maps, **{**facts, **fields})


def wrong_on(*samples):
    """Returns predictions that are right but for some samples."""
    return [(label + (index in samples)) % CLASSES for index, label in enumerate(LABELS)]


def observed(step, **facts):
    """Returns a healthy record, but for what is given."""
    layers = facts.pop("layers", (layer("conv"), layer("head", grid=False, kernel="dense")))
    figures = facts.pop("figures", {each.path: {} for each in layers})
    known = {
        "step": step,
        "batch": 10 * step,
        "predictions": predictions(facts.pop("predicted", LABELS)),
        "statistics": statistics(**figures),
        "layers": LayerTable("small", tuple(layers), None, "", (20, 20, 1)),
        "trainable": {each.path: True for each in layers},
        "explanations": {CAM: explanation()},
        "samples": tuple(f"sample {index}" for index in range(SAMPLES)),
        "labels": LABELS,
        "class_names": CLASS_NAMES,
        "logs": {"loss": 1.0},
        "object_areas": np.full(SAMPLES, 0.5, np.float32),
    }
    return Observed(**{**known, **facts})


def found(rule, records):
    """Returns what a rule finds in records, given as the facts of each step from 0 on."""
    watch = RunWatch([rule])
    return [
        change
        for step, facts in enumerate(records)
        for change in watch.see(observed(step, **facts))
    ]
