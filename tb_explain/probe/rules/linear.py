# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Layers with a kernel as linear maps of their input and of their kernel."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer


@final
@dataclass(frozen=True, eq=False)
class LinearMap:
    """`z = apply(x, kernel) + bias`.

    Attributes:
        kernel: The kernel.
        bias: The bias in a shape that adds to `z`, or `None`.
        apply: The map without bias, linear in both of its arguments.
    """

    kernel: Tensor
    bias: Tensor | None
    apply: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, samples: Tensor) -> Tensor:
        """Returns `z`."""
        found = self.apply(samples, self.kernel)
        return found if self.bias is None else found + self.bias


def linear_maps(layer: Layer, kind: str) -> tuple[LinearMap, ...]:
    """Returns the maps that a layer is, one after the other; a separable convolution is two.

    Args:
        layer: A layer with a kernel.
        kind: Class of Keras whose work it does.
    """
    bias = _bias(layer) if getattr(layer, "bias", None) is not None else None
    if kind.startswith("Separable"):
        across: Any = partial(keras.ops.conv, **_settings(layer, strides=1, dilation=1))
        along = LinearMap(_tensor(layer.depthwise_kernel), None, _depthwise(layer))
        return along, LinearMap(_tensor(layer.pointwise_kernel), bias, across)
    if kind == "EinsumDense":
        apply: Any = partial(keras.ops.einsum, layer.equation)
    elif kind == "Dense":
        apply = keras.ops.matmul
    elif kind.startswith("Depthwise"):
        apply = _depthwise(layer)
    elif kind.endswith("Transpose"):
        apply = partial(
            keras.ops.conv_transpose, output_padding=layer.output_padding, **_settings(layer)
        )
    else:
        apply = _convolution(layer)
    return (LinearMap(_tensor(layer.kernel), bias, apply),)


def normalised(linear: LinearMap, kind: str, norm: Layer) -> LinearMap:
    """Returns a map with the batch normalisation behind it folded in.

    `scale * (apply(x, kernel) + bias) + shift = apply(x, scale * kernel) + scale * bias + shift`.

    Args:
        linear: The map.
        kind: Class of Keras whose work it is.
        norm: The normalisation, by its moving statistics.
    """
    ops: Any = keras.ops
    scale = 1 / ops.sqrt(_tensor(norm.moving_variance) + norm.epsilon)
    if norm.scale:
        scale = scale * _tensor(norm.gamma)
    shift = -_tensor(norm.moving_mean) * scale
    if norm.center:
        shift = shift + _tensor(norm.beta)
    shape = linear.kernel.shape
    if kind.startswith("Depthwise"):
        kernel = linear.kernel * ops.reshape(scale, tuple(shape[-2:]))
    elif kind.endswith("Transpose"):
        kernel = linear.kernel * scale[:, None]
    else:
        kernel = linear.kernel * scale
    first = getattr(norm, "axis", -1) == 1 and "Conv" in kind
    spread = (1, -1) + (1,) * (len(shape) - 2) if first else (-1,)
    bias = ops.reshape(shift, spread)
    if linear.bias is not None:
        bias = bias + linear.bias * ops.reshape(scale, spread)
    return replace(linear, kernel=kernel, bias=bias)


def _convolution(layer: Layer) -> Callable[[Tensor, Tensor], Tensor]:
    apply: Any = partial(keras.ops.conv, **_settings(layer))
    if layer.padding != "causal":
        return apply
    last = layer.data_format == "channels_last"
    before = layer.dilation_rate[0] * (layer.kernel_size[0] - 1)
    widths = [[0, 0], [before, 0], [0, 0]] if last else [[0, 0], [0, 0], [before, 0]]
    unpadded = partial(apply, padding="valid")
    return lambda samples, kernel: unpadded(keras.ops.pad(samples, widths), kernel)


def _depthwise(layer: Layer) -> Callable[[Tensor, Tensor], Tensor]:
    apply: Any = partial(keras.ops.depthwise_conv, **_settings(layer))
    return apply


def _settings(
    layer: Layer, *, strides: int | None = None, dilation: int | None = None
) -> dict[str, Any]:
    return {
        "strides": tuple(layer.strides) if strides is None else strides,
        "padding": layer.padding if strides is None else "valid",
        "dilation_rate": layer.dilation_rate if dilation is None else dilation,
        "data_format": layer.data_format,
    }


def _bias(layer: Layer) -> Tensor:
    bias = _tensor(layer.bias)
    if getattr(layer, "data_format", None) == "channels_first":
        return keras.ops.reshape(bias, (1, -1) + (1,) * layer.rank)
    return bias


def _tensor(weight: Any) -> Tensor:
    return keras.ops.convert_to_tensor(weight)
