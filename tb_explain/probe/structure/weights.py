"""The weights of one layer, for explainers that need no pass."""

from dataclasses import dataclass
from typing import Literal

from tb_explain.explanation import Explanation, Floats

KernelKind = Literal["conv", "depthwise", "transposed", "conv1d", "dense", "embedding"]


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """The kernel of one layer, now and at the last record.

    Attributes:
        path: Path of the layer.
        kind: How the axes are to be read.
        kernel: `float32` kernel in one order of axes whatever the layer: `(rows, cols, inputs,
            filters)` for convolutions (a 1-D kernel has `rows = 1`; a depthwise kernel has
            `inputs = 1` and one filter per input channel and multiplier; a transposed kernel is
            brought into this order), `(inputs, units)` for dense layers and embeddings.
        previous: The same kernel at the last record, or `None` at the first.
        shown: What the explainer showed at the last record, so that the filters it chose and the
            signs of its directions stay; `None` at the first.
        sees_picture: Whether its inputs are the channels of the picture.
    """

    path: str
    kind: KernelKind
    kernel: Floats
    previous: Floats | None
    shown: Explanation | None
    sees_picture: bool
