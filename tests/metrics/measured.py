"""Maps that are measured, and how any metric is asked."""

from dataclasses import replace

import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.metrics import ChangeMetric, Localization


def explanation_of(values, **fields):
    """Returns the explanation with a map of each sample, of values `(maps, rows, cols)`."""
    values = np.asarray(values, np.float32)
    values = values[..., None] if values.ndim == 3 else values
    about = {"kind": "attribution", "signed": True, "samples": tuple(range(len(values)))}
    return Explanation(values=values, **{**about, **fields})


def ask(metric, explanation, *, earlier=None, masks=None):
    """Returns the figures of any kind of metric."""
    if isinstance(metric, ChangeMetric):
        return metric(explanation, explanation if earlier is None else earlier)
    if isinstance(metric, Localization):
        return metric(
            explanation, np.ones(explanation.values.shape[:3]) if masks is None else masks
        )
    return metric(explanation)


def some_maps(*shape, seed=0, ties=False):
    """Returns signed maps; with ties they hold few values, many of them zero."""
    values = np.random.default_rng(seed).normal(size=shape)
    return np.round(np.maximum(values, 0) * 2) if ties else values


def of_maps(explanation, places):
    """Returns the explanation of some of the maps, in their order."""
    columns = {
        name: tuple(getattr(explanation, name)[place] for place in places)
        for name in ("samples", "targets", "scores", "channels")
    }
    figures = {name: column[list(places)] for name, column in explanation.figures.items()}
    values = explanation.values[list(places)]
    return replace(explanation, values=values, figures=figures, **columns)
