# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""The kernels of layers, brought into one order of axes."""

from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np

from tb_explain.explanation import Floats
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.structure.weights import KernelKind


def read_kernels(layers: Iterable[tuple[str, Layer]]) -> Iterator[tuple[str, KernelKind, Floats]]:
    """Yields path, kind and kernel of each layer that has a kernel to show."""
    for path, layer in layers:
        kind = kernel_kind(layer)
        if kind is not None:
            yield path, kind, read_kernel(layer, kind)


def kernel_kind(layer: Layer) -> KernelKind | None:
    """Returns how the kernel of `layer` is to be read, or `None` if it has none to show.

    A layer without weights yet has none. Kernels over volumes have none either: three axes of
    space make no picture.
    """
    if not getattr(layer, "built", False):
        return None
    kinds = keras.layers
    if isinstance(layer, (kinds.DepthwiseConv1D, kinds.DepthwiseConv2D)):
        return "depthwise"
    if isinstance(layer, (kinds.SeparableConv1D, kinds.SeparableConv2D)):
        return "depthwise"
    if isinstance(layer, (kinds.Conv1DTranspose, kinds.Conv2DTranspose)):
        return "transposed"
    if isinstance(layer, kinds.Conv2D):
        return "conv"
    if isinstance(layer, kinds.Conv1D):
        return "conv1d"
    if isinstance(layer, (kinds.Dense, kinds.EinsumDense)):
        return "dense"
    return "embedding" if isinstance(layer, kinds.Embedding) else None


def read_kernel(layer: Layer, kind: KernelKind) -> Floats:
    """Returns the `float32` kernel in the order of axes that `LayerWeights` names.

    Quantised kernels come as the values they stand for, kernels with low-rank updates with the
    updates added.
    """
    if kind == "embedding":
        return _values(layer, "embeddings")
    if kind == "dense":
        return _as_matrix(layer, _values(layer, "kernel"))
    if kind == "depthwise":
        name = "depthwise_kernel" if hasattr(layer, "depthwise_kernel") else "kernel"
        kernel = _with_rows(_values(layer, name))
        return kernel.reshape(*kernel.shape[:2], 1, -1)
    kernel = _with_rows(_values(layer, "kernel"))
    return kernel.swapaxes(2, 3) if kind == "transposed" else kernel


def _values(layer: Layer, name: str) -> Floats:
    kernel = _host(getattr(layer, name))
    if kernel.dtype.kind != "i":
        # What shares the memory of the model would change with it.
        return kernel.astype(np.float32, copy=not kernel.flags.owndata)
    scale = _host(getattr(layer, f"{name}_scale")).astype(np.float32)
    return kernel.astype(np.float32) / _broadcast(scale, kernel.shape)


def _broadcast(scale: Floats, shape: tuple[int, ...]) -> Any:
    if scale.ndim == len(shape) or scale.ndim == 0:
        return scale
    if scale.shape == shape[: scale.ndim]:  # Embeddings have one scale per row.
        return scale.reshape(*scale.shape, *([1] * (len(shape) - scale.ndim)))
    return scale


def _host(value: Any) -> Any:
    array: Any = keras.ops.convert_to_numpy(value)
    return array if array.dtype.kind in "iuf" else array.astype(np.float32)


def _with_rows(kernel: Floats) -> Floats:
    return kernel[None] if kernel.ndim == 3 else kernel


def _as_matrix(layer: Layer, kernel: Floats) -> Floats:
    if kernel.ndim == 2:
        return kernel
    equation = getattr(layer, "equation", "")
    given, _, rest = equation.replace(" ", "").partition(",")
    axes, _, result = rest.partition("->")
    outputs = [i for i, axis in enumerate(axes) if axis in result and axis not in given]
    inputs = [i for i in range(kernel.ndim) if i not in outputs]
    units = int(np.prod([kernel.shape[i] for i in outputs]))
    return kernel.transpose(*inputs, *outputs).reshape(-1, units)
