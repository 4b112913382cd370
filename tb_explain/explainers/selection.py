"""Which of many layers, rows or columns are shown, where not all can be."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_explain.probe.structure.layer_table import LayerInfo


def spread(size: int, kept: int) -> npt.NDArray[np.intp]:
    """Returns at most `kept` indices spaced evenly over `size`, the first and last included."""
    if size <= kept:
        return np.arange(size)
    return np.rint(np.linspace(0, size - 1, kept)).astype(np.intp)


def evenly_spaced(layers: Sequence[LayerInfo], count: int) -> list[LayerInfo]:
    """Returns at most `count` layers spaced evenly over the depth of the model."""
    return [layers[index] for index in spread(len(layers), count)]


def named(layers: Sequence[LayerInfo]) -> str:
    """Returns the paths of layers, for an error sentence."""
    return ", ".join(repr(layer.path) for layer in layers) or "none"
