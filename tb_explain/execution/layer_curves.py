"""Figures of some layers as curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_explain.execution.curves import Curves, curve_tag
from tb_explain.explainers.selection import spread
from tb_explain.metrics.representation import RELIABLE_SAMPLES

if TYPE_CHECKING:
    from tb_explain.execution.statistics import Statistics
    from tb_explain.probe.structure.layer_table import LayerTable

CURVED_LAYERS: Final = 6
"""Layers of which there are curves, evenly spaced over the depth; the records hold all."""

_CKA: Final = "1 where samples lie alike, near 0 where they lie otherwise."
_CKA_PAPER: Final = "[Paper](https://arxiv.org/abs/1905.00414)"
_ABOUT: Final = {
    "cka": f"Debiased linear CKA of the layer with its last record, -1 to 1: {_CKA}",
    "cka_first": f"Debiased linear CKA of the layer with its first record, -1 to 1: {_CKA}",
    "filter_drift": (
        "Mean over filters of 1 less the cosine with the same filter at the last record, 0 to 2: "
        "how far they turned."
    ),
}


def layer_curves(statistics: "Statistics", layers: "LayerTable") -> Curves:
    """Returns figures of some layers by tag, `explain/<figure>/<layer>`, and what they are.

    Args:
        statistics: Figures of all layers.
        layers: The layers of the model.
    """
    with_kernel = [layer.path for layer in layers.layers if layer.kernel]
    shown: dict[str, Sequence[str]] = {
        "cka": statistics.likeness.layers,
        "cka_first": statistics.likeness.layers,
        "filter_drift": with_kernel,
    }
    rows = {path: row for row, path in enumerate(statistics.layers)}
    values: dict[str, float] = {}
    about: dict[str, str] = {}
    for name, paths in shown.items():
        for path in _some(paths):
            value = statistics.figures[name][rows[path]] if path in rows else np.nan
            if np.isfinite(value):
                tag = curve_tag(name, path)
                values[tag] = float(value)
                about[tag] = _about(name, statistics.likeness.samples)
    return values, about


def _some(paths: Sequence[str]) -> list[str]:
    return [paths[int(index)] for index in spread(len(paths), CURVED_LAYERS)]


def _about(name: str, samples: int) -> str:
    if name == "filter_drift":
        return _ABOUT[name]
    reliable = samples >= RELIABLE_SAMPLES
    words = "" if reliable else f", too few to rely on it: {RELIABLE_SAMPLES} at least"
    return f"{_ABOUT[name]} Of {samples} samples{words}. {_CKA_PAPER}"
