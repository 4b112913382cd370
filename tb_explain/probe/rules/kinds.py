# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""What a layer computes, as far as rules for the way back have to know."""

from typing import Any, Literal

import keras

from tb_explain.probe.structure.walk import Layer

Kind = Literal["linear", "affine", "move", "largest", "elementwise", "product", "other"]

_LINEAR = frozenset(
    (
        "Conv1D",
        "Conv2D",
        "Conv3D",
        "Conv1DTranspose",
        "Conv2DTranspose",
        "Conv3DTranspose",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "SeparableConv1D",
        "SeparableConv2D",
        "Dense",
        "EinsumDense",
    )
)
_AFFINE = frozenset(
    (
        "Add",
        "Average",
        "BatchNormalization",
        "CustomScaleLayer",
        "LayerScale",
        "Mean",
        "Negative",
        "Normalization",
        "Rescaling",
        "Resizing",
        "Subtract",
        "Sum",
        "UpSampling2D",
    )
)
_AFFINE_WITH_A_CONSTANT = frozenset(("Divide", "Multiply", "TrueDivide"))
_MOVES = frozenset(
    (
        "Activation",  # By itself; its function counts as the activation inside of it.
        "BroadcastTo",
        "Cast",
        "CenterCrop",
        "Concatenate",
        "Cropping1D",
        "Cropping2D",
        "Cropping3D",
        "ExpandDims",
        "Flatten",
        "Flip",
        "GetItem",
        "Moveaxis",
        "Pad",
        "Permute",
        "Repeat",
        "RepeatVector",
        "Reshape",
        "Roll",
        "Split",
        "Squeeze",
        "Stack",
        "Swapaxes",
        "Tile",
        "Transpose",
        "UpSampling1D",
        "UpSampling3D",
        "ZeroPadding1D",
        "ZeroPadding2D",
        "ZeroPadding3D",
    )
)
_LARGEST = frozenset(
    (
        "GlobalMaxPooling1D",
        "GlobalMaxPooling2D",
        "GlobalMaxPooling3D",
        "Max",
        "MaxPooling1D",
        "MaxPooling2D",
        "MaxPooling3D",
    )
)
_ELEMENTWISE = {
    "ELU": "elu",
    "Elu": "elu",
    "Gelu": "gelu",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "LeakyReLU": "leaky_relu",
    "LeakyRelu": "leaky_relu",
    "Mish": "mish",
    "PReLU": "prelu",
    "ReLU": "relu",
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Silu": "silu",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
_FUNCTIONS = frozenset((*_ELEMENTWISE.values(), "celu", "exponential", "hard_tanh", "softsign"))
_TWO = 2
_OWN_WORK = ("call", "quantized_call", "convolution_op", "kernel", "__call__")


def type_name(layer: Layer) -> str:
    """Returns the name of the class of Keras whose work a layer does, else of its own class."""
    for cls in type(layer).__mro__:
        if cls.__module__.startswith("keras."):
            return cls.__name__
        if any(name in vars(cls) for name in _OWN_WORK):
            break
    return type(layer).__name__


def kind_of(layer: Layer, *, dynamic: int) -> Kind:
    """Returns what a layer computes, the activation inside of it left out.

    Dropout, noise and augmentation return what they were given and are not asked about; those
    that draw at inference are `"other"`.

    Args:
        layer: The layer, or the operation of a node.
        dynamic: How many of the tensors that it is given depend on the samples.
    """
    name = type_name(layer)
    known = _is_of_keras(layer, name) and getattr(layer, "quantization_mode", None) is None
    if not known:
        return "other"
    if name in _LINEAR:
        return "linear"
    if name in _LARGEST:
        return "largest"
    if name in _ELEMENTWISE:
        return "elementwise"
    if name == "UpSampling2D" and layer.interpolation == "nearest":
        return "move"
    if name in _AFFINE or ("AveragePooling" in name):
        return "affine"
    if name in _AFFINE_WITH_A_CONSTANT and dynamic == 1:
        return "affine"
    if name == "Multiply" and dynamic == _TWO:
        return "product"
    return "move" if name in _MOVES else "other"


def function_of(layer: Layer) -> str | None:
    """Returns the element-wise function that an elementwise layer is.

    A ReLU of another slope than 0 below zero is a leaky one.
    """
    name = _ELEMENTWISE.get(type_name(layer))
    leaky = name == "relu" and float(getattr(layer, "negative_slope", 0.0) or 0.0) != 0.0
    return "leaky_relu" if leaky else name


def inner_function(layer: Layer) -> str | None:
    """Returns the name of the activation inside of a layer.

    `None` is none, or one that changes nothing; `"other"` is one that is not element-wise or
    not of Keras.
    """
    activation: Any = getattr(layer, "activation", None)
    if activation is None or activation is keras.activations.linear:
        return None
    if isinstance(activation, keras.layers.Layer):
        kind = kind_of(activation, dynamic=1)
        return function_of(activation) if kind == "elementwise" else "other"
    name = getattr(activation, "__name__", "")
    of_keras = str(getattr(activation, "__module__", "")).startswith("keras.")
    return name if of_keras and name in _FUNCTIONS else "other"


def _is_of_keras(layer: Layer, name: str) -> bool:
    return any(
        cls.__name__ == name and cls.__module__.startswith("keras.") for cls in type(layer).__mro__
    )
