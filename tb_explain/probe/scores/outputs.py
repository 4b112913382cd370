# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""The outputs of a model: which there are, what task each is for, its scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.scores.head import Head, HeadScores, find_head
from tb_explain.probe.structure.layouts import shape_of
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.walk import Layer

Task = Literal["multiclass", "binary", "multilabel", "regression", "segmentation"]

_TINY = 1e-37  # Smallest probability whose logarithm is taken; float32 has nothing below it.


@final
@dataclass(frozen=True)
class OutputInfo:
    """One output of a model.

    Attributes:
        position: Position among the flattened outputs.
        name: Its key, its name in the model, or its position; `None` if it is the only one.
        task: What it predicts.
        classes: Number of classes, or of values for a regression.
        signed_pair: Whether one score stands for two classes: `+z` for 1 and `-z` for 0.
        places: Shape of its places, `()` for one prediction per sample.
        axis: Axis of classes in what the model returns, `None` if it has none for its one class.
        head: Where its scores become probabilities, or `None`.
        function: What turns its scores into probabilities; `"none"` if it holds scores, and
            `None` if that is not known.
    """

    position: int
    name: str | None
    task: Task
    classes: int
    signed_pair: bool
    places: tuple[int, ...]
    axis: int | None
    head: Head | None
    function: str | None


@final
@dataclass(frozen=True, eq=False)
class Reading:
    """Scores of one output in one shape for all tasks.

    Attributes:
        scores: `float32` of shape `(samples, places, classes)`; one place if there are none.
        probabilities: Of the same shape, or `None` for a regression.
    """

    scores: Tensor
    probabilities: Tensor | None


def read_outputs(
    model: Layer, layers: Mapping[str, Layer], *, survey: Survey, labels: Any
) -> tuple[OutputInfo, ...]:
    """Returns every output of a model that is a tensor with an axis of samples.

    The task follows from the head, else from the loss that the model was compiled with, else
    from the shape: one value is a regression, several are the scores of classes.

    Args:
        model: The model.
        layers: All its layers by path.
        survey: What one pass saw.
        labels: Labels of the samples or `None`; fractional ones tell a regression.
    """
    names = _names(model, survey.output)
    losses = _losses(model, names)
    found: list[OutputInfo] = []
    for position, (name, output) in enumerate(zip(names, _flat(survey.output), strict=True)):
        shape = shape_of(output)
        if shape is None or len(shape) < 2 or shape[0] != survey.copies:
            continue
        head = find_head(survey, layers, output)
        loss = losses.get(name, "")
        if labels is not None and getattr(labels, "dtype", None) is not None:
            loss = loss or _loss_of_labels(labels)
        label = name if len(names) > 1 else None
        info = _describe(position, label, head=head, shape=shape[1:], loss=loss)
        if info.function is None and head is not None and _is_linear(layers[head.path]):
            info = replace(info, function="none")
        found.append(info)
    return tuple(found)


def read(info: OutputInfo, output: Any, seen: HeadScores, layers: Mapping[str, Layer]) -> Reading:
    """Returns the scores of an output, in the trace and after the tap was left."""
    ops: Any = keras.ops
    tensor = _flat(output)[info.position]
    if info.head is not None and info.head.function is not None:
        tensor = info.head.scores(seen, layers)
    scores = ops.cast(tensor, "float32")
    if info.axis not in (None, -1, len(scores.shape) - 1):
        scores = ops.moveaxis(scores, info.axis, -1)
    classes = 1 if info.signed_pair else info.classes
    scores = ops.reshape(scores, (-1, max(1, prod(info.places)), classes))
    scores = _as_scores(info, scores)
    if info.signed_pair:
        scores = ops.concatenate([-scores, scores], axis=-1)
    return Reading(scores, _probabilities(info, scores))


def _as_scores(info: OutputInfo, scores: Tensor) -> Tensor:
    """Turns probabilities that no layer made into scores: `log p`, or `log p/(1-p)` of one."""
    ops: Any = keras.ops
    if info.head is not None and info.head.function is not None:
        return scores
    if info.function == "sigmoid":
        p = ops.clip(scores, _TINY, 1.0 - 6e-8)
        return ops.log(p) - ops.log1p(-p)
    if info.task not in ("multiclass", "segmentation") or info.function == "none":
        return scores
    sums = ops.sum(scores, axis=-1)
    are_probabilities = ops.logical_and(ops.all(scores >= 0.0), ops.all(ops.abs(sums - 1.0) < 1e-2))
    return ops.where(are_probabilities, ops.log(ops.maximum(scores, _TINY)), scores)


def _probabilities(info: OutputInfo, scores: Tensor) -> Tensor | None:
    if info.task == "regression":
        return None
    if info.signed_pair or info.task == "multilabel" or info.function == "sigmoid":
        return keras.ops.sigmoid(scores)
    return keras.ops.softmax(scores, axis=-1)


def _describe(
    position: int, name: str | None, *, head: Head | None, shape: Sequence[int], loss: str
) -> OutputInfo:
    function = head.function if head is not None else None
    function = function or _function_of_loss(loss)
    axis = head.axis if head is not None and head.function is not None else -1
    sizes = list(shape)
    classes = 1 if axis is None else sizes.pop(-1 if axis == -1 else axis - 1)
    places = tuple(sizes) if prod(sizes) > 1 else ()
    task = _task(places, classes, function=function, loss=loss)
    pair = classes == 1 and task in ("binary", "segmentation")
    return OutputInfo(
        position, name, task, 2 if pair else classes, pair, places, axis, head, function
    )


def _is_linear(layer: Layer) -> bool:
    """Whether a layer of Keras ends without a function, so that it puts out no probabilities."""
    activation = getattr(layer, "activation", None)
    return type(layer).__module__.startswith("keras.") and activation is keras.activations.linear


def _task(places: Sequence[int], classes: int, *, function: str | None, loss: str) -> Task:
    if loss == "regression" and function not in ("softmax", "log_softmax"):
        return "regression"
    if places:
        return "segmentation"
    if loss.startswith("binary") or function == "sigmoid":
        return "binary" if classes == 1 else "multilabel"
    if classes == 1 and function is None and not loss.startswith("categorical"):
        return "regression"
    return "multiclass"


def _function_of_loss(loss: str) -> str | None:
    if loss.endswith(" of logits"):
        return "none"
    return "sigmoid" if loss == "binary" else None


def _loss_of_labels(labels: Any) -> str:
    fractional = labels.dtype.kind == "f" and bool((labels % 1 != 0).any())
    return "regression" if fractional else ""


def _losses(model: Layer, names: Sequence[str]) -> dict[str, str]:
    """Returns what the loss says of each output: a kind, then `" of logits"` if it takes them."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, Mapping):
        return {str(name): _loss_kind(entry) for name, entry in loss.items()}
    if isinstance(loss, list | tuple):
        return dict(zip(names, map(_loss_kind, loss), strict=False))
    return dict.fromkeys(names, _loss_kind(loss))


def _loss_kind(loss: Any) -> str:
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    plain = name.lower().replace("_", "")
    logits = " of logits" if getattr(loss, "from_logits", False) else ""
    if "binary" in plain or plain == "bce":
        return "binary" + logits
    if "categorical" in plain or "focal" in plain:
        return "categorical" + logits
    parts = ("squared", "absolute", "huber", "logcosh", "poisson")
    if any(part in plain for part in parts) or plain in ("mse", "mae", "msle", "mape"):
        return "regression"
    return ""


def _names(model: Layer, output: Any) -> list[str]:
    if isinstance(output, Mapping):
        return [str(name) for name in keras.tree.flatten({name: name for name in output})]
    flat = _flat(output)
    declared: list[str] = list(getattr(model, "output_names", None) or ())
    return declared if len(declared) == len(flat) else [str(i) for i in range(len(flat))]


def _flat(output: Any) -> list[Any]:
    return keras.tree.flatten(output)
