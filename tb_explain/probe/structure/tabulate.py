# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Makes the table of layers out of what a survey saw."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import prod

import keras

from tb_explain.probe.structure.eligible import (
    behind_scores,
    explained_calls,
    makers_of_scores,
    of_other_inputs,
)
from tb_explain.probe.structure.kernels import kernel_kind, read_kernel
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.layouts import Layouts, input_grid, shape_of
from tb_explain.probe.structure.streams import attends_to_itself, attention_upstream
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.target_layer import choose_target
from tb_explain.probe.structure.volumes import volume_recipe
from tb_explain.probe.structure.walk import Layer, is_container

_SIX = 6
_ACTIVATION_LAYERS = {
    "ReLU": "relu",
    "Relu": "relu",
    "Relu6": "relu6",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
    "Softmax": "softmax",
    "Sigmoid": "sigmoid",
    "HardSigmoid": "hard_sigmoid",
    "Tanh": "tanh",
    "Silu": "silu",
    "Gelu": "gelu",
}


def tabulate(
    model: Layer, layers: dict[str, Layer], *, survey: Survey, explained: int, dense: bool
) -> LayerTable:
    """Returns the layers in the order of execution, and the layer to explain by rule.

    Args:
        model: The model.
        layers: All layers by path.
        survey: What one pass saw.
        explained: Position of the explained input.
        dense: Whether the model predicts for each place of a grid.
    """
    layouts = Layouts(layers, survey)
    starts: dict[str, int] = {}
    for call in sorted(survey.calls, key=lambda call: call.start):
        starts.setdefault(call.path, call.start)
    calls = Counter(call.path for call in survey.calls)
    order = {path: position for position, path in enumerate(starts)}
    rows = [
        _row(path, layer, layouts, order.get(path, -1), calls[path])
        for path, layer in layers.items()
    ]
    seeing = explained_calls(survey, explained)
    rows = [replace(row, call=seeing.get(row.path, 0)) for row in rows]
    rows = _with_attention(rows, survey, layouts)
    rows.sort(key=lambda row: row.order if row.order >= 0 else len(rows))
    shape = (shape_of(survey.inputs[explained]) or ())[1:]
    volume = volume_recipe(shape)
    target, reason = None, volume
    for paths in _eligible(layers, survey, explained):
        if target is None and not volume:
            target, reason = choose_target(rows, layers, ended=paths, dense=dense)
    grid = input_grid(shape, channels_first=layouts.channels_first_input)
    input_type = _declared_type(model, explained)
    return LayerTable(str(model.name), tuple(rows), target, reason, grid, volume, input_type)


def _declared_type(model: Layer, explained: int) -> str:
    inputs = keras.tree.flatten(getattr(model, "inputs", None) or [])
    return keras.backend.standardize_dtype(inputs[explained].dtype) if inputs else ""


def _eligible(layers: dict[str, Layer], survey: Survey, explained: int) -> Iterator[list[str]]:
    """Yields the paths to choose from in the order in which their calls ended, the best first."""
    without = behind_scores(survey, layers) | of_other_inputs(survey, explained)
    ended = dict.fromkeys(call.path for call in survey.calls)
    paths = [path for path in ended if path not in without]
    makers = makers_of_scores(survey, layers)
    yield [path for path in paths if path not in makers]
    yield paths


def channels_first_input(layers: dict[str, Layer], survey: Survey) -> bool:
    """Whether the model takes pictures with their channels first."""
    return Layouts(layers, survey).channels_first_input


def _row(path: str, layer: Layer, layouts: Layouts, order: int, calls: int) -> LayerInfo:
    layout, shape, grid = layouts.found.get(path, ("other", (), None))
    kernel = kernel_kind(layer)
    return LayerInfo(
        path=path,
        type=type(layer).__name__,
        layout=layout,
        shape=shape,
        grid=grid,
        parameters=sum(prod(weight.shape) for weight in getattr(layer, "weights", ())),
        trainable=bool(getattr(layer, "trainable_weights", ())),
        container=is_container(layer),
        activation=_activation(layer),
        order=order,
        calls=calls,
        kernel=kernel,
        kernel_shape=None if kernel is None else read_kernel(layer, kernel).shape,
    )


def _with_attention(rows: list[LayerInfo], survey: Survey, layouts: Layouts) -> list[LayerInfo]:
    first = {call.path: call for call in reversed(survey.calls)}
    upstream = attention_upstream(survey)
    found: list[LayerInfo] = []
    for row in rows:
        attention = survey.attention.get(row.path)
        if isinstance(attention, tuple):
            found.append(
                replace(
                    row,
                    attention=attention,
                    attention_patches=layouts.keys.get(row.path),
                    attends_to_itself=attends_to_itself(first[row.path], survey),
                    attention_before=upstream.get(row.path),
                )
            )
        else:
            unseen = attention if row.order >= 0 else "the model does not call it"
            found.append(row if attention is None else replace(row, attention_unseen=unseen))
    return found


def _activation(layer: Layer) -> str | None:
    function = getattr(layer, "activation", None)
    if callable(function):
        return getattr(function, "__name__", type(function).__name__.lower())
    name = _ACTIVATION_LAYERS.get(type(layer).__name__)
    return _variant(layer) if isinstance(layer, keras.layers.ReLU) else name


def _variant(layer: Layer) -> str:
    if layer.negative_slope:
        return "leaky_relu"
    return "relu6" if layer.max_value == _SIX else "relu"
