# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Where a model turns scores into probabilities, so that the scores can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import keras
import numpy as np

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layouts import shape_of, tensors_in
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call, Tap

_HEAD_TYPES = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid"}
_MOVES_ONLY = frozenset(
    (
        "Reshape",
        "Permute",
        "Transpose",
        "Flatten",
        "Identity",
        "Squeeze",
        "ExpandDims",
        "Cast",
        "Dropout",
        "ActivityRegularization",
    )
)


@final
@dataclass(frozen=True)
class Head:
    """The last step of a model that is not mere reshaping.

    Attributes:
        path: Layer that does it.
        index: Which call of that layer, or which use of its activation function.
        function: `"softmax"`, `"log_softmax"`, `"sigmoid"`, or `None` if it is another step.
        inside: Whether the function is the `activation` of the layer rather than the layer.
        axis: Axis of classes in what the model returns, `None` if it has one class and no axis
            for it.
        behind: Layers that only reshape what it returns, in the order of their calls.
    """

    path: str
    index: int
    function: str | None
    inside: bool
    axis: int | None
    behind: tuple[str, ...]

    def scores(self, seen: "HeadScores", layers: Mapping[str, Layer]) -> Tensor:
        """Returns the scores in the shape of the model's output; called with the tap left."""
        scores = seen.found[self.path, self.index]
        for path in self.behind:
            scores = layers[path].call(scores)
        return scores


@final
class HeadScores:
    """Keeps what goes into the heads while a model runs."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], Tensor] = {}
        self._counts: dict[str, int] = {}

    def watch(self, tap: Tap, head: Head, layer: Layer) -> None:
        """Notes the scores each time the activation of `layer`, or `layer` itself, is used."""
        name = "activation" if head.inside else "call"
        original = getattr(layer, name)

        def function(scores: Tensor, *rest: Any, **named: Any) -> Tensor:
            index = self._counts.get(head.path, 0)
            self._counts[head.path] = index + 1
            self.found[head.path, index] = scores
            return original(scores, *rest, **named)

        tap.replace(layer, name, function)


def find_head(survey: Survey, layers: Mapping[str, Layer], output: Tensor) -> Head | None:
    """Returns the head that made `output`, found by the identity of tensors.

    Args:
        survey: What one pass saw.
        layers: All layers by path.
        output: One output of that pass.
    """
    made = {}
    for call in survey.calls:
        made.setdefault(id(call.output), call)
    activated = {id(use.output): use for use in survey.activated}
    behind: list[str] = []
    while True:
        use, call = activated.get(id(output)), made.get(id(output))
        if use is not None:
            head = Head(use.path, use.index, use.function, True, -1, tuple(reversed(behind)))
            return _with_axis(head, layers, shape_of(output) or ())
        given = [] if call is None else tensors_in(call)
        if call is None or any(tensor is output for tensor in given):
            return None
        layer = layers[call.path]
        if not only_moves(layer) or len(given) != 1:
            return _with_axis(
                _head_of(call, layer, behind=behind), layers, shape_of(call.output) or ()
            )
        behind.append(call.path)
        output = given[0]


def only_moves(layer: Layer) -> bool:
    """Whether a layer leaves the values as they are, and at most moves them."""
    return type(layer).__name__ in _MOVES_ONLY


def _head_of(call: Call, layer: Layer, *, behind: Sequence[str]) -> Head:
    axis = getattr(layer, "axis", -1)
    function = _HEAD_TYPES.get(type(layer).__name__) if isinstance(axis, int) else None
    paths = tuple(reversed(behind))
    return Head(call.path, call.index, function, False, axis if function else -1, paths)


def _with_axis(head: Head, layers: Mapping[str, Layer], shape: Sequence[int]) -> Head:
    """Follows the axis of classes through what only moves them.

    Each class is given its number, and the axis is where the numbers are counted up afterwards.
    """
    if head.function is None or head.axis is None or not head.behind:
        return head
    classes = shape[head.axis]
    numbers = np.moveaxis(np.zeros(shape, np.float32), head.axis, -1) + np.arange(classes)
    numbers = np.moveaxis(numbers, -1, head.axis).astype(np.float32)
    moved: Any = keras.ops.convert_to_tensor(numbers)
    for path in head.behind:
        moved = layers[path].call(moved)
    moved = keras.ops.convert_to_numpy(moved)
    for axis in range(moved.ndim - 1, 0, -1):
        if moved.shape[axis] == classes and _counts_up(moved, axis):
            return replace(head, axis=axis)
    return replace(head, axis=None) if classes == 1 else replace(head, function=None, axis=-1)


def _counts_up(numbers: Any, axis: int) -> bool:
    along = np.moveaxis(numbers, axis, -1)
    return bool((along == np.arange(along.shape[-1])).all())
