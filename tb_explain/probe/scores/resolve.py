"""Turns targets and labels as the user gives them into scorers of one model."""

from dataclasses import dataclass, field
from math import prod
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.probe.inputs import Array
from tb_explain.probe.scores.outputs import OutputInfo
from tb_explain.probe.scores.score import (
    CallableScorer,
    ContrastScorer,
    IndexScorer,
    NeuronScorer,
    Scorer,
)
from tb_explain.probe.scores.targets import (
    Contrast,
    Neuron,
    Output,
    Target,
    check_one_per_sample,
    is_index,
    name_of,
    sample_indices,
    split_targets,
)
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(eq=False)
class TargetResolver:
    """Resolves the targets of one model.

    Attributes:
        layers: The layers of the model.
        outputs: Its outputs.
        samples: Number of samples.
        labels: Labels as given, or `None`.
        aside: Indices of the samples that the scorers read, by name.
    """

    layers: LayerTable
    outputs: tuple[OutputInfo, ...]
    samples: int
    labels: Any
    aside: dict[str, Array] = field(default_factory=dict[str, Array])

    def resolve(self, targets: Any) -> tuple[tuple[str, Scorer], ...]:
        """Returns a name and a scorer for every target.

        Raises:
            ValueError: If a target does not fit the model or the samples.
            TypeError: If a target is of no known kind.
        """
        return tuple((name, self._scorer(target)) for name, target in split_targets(targets))

    @property
    def uses_labels(self) -> bool:
        """Whether a target so far resolved is `"label"`."""
        return any(name.startswith("label ") for name in self.aside)

    @property
    def main(self) -> OutputInfo | None:
        """The output that targets without a name mean, or `None` without any.

        The first; with labels, which are those of classes, the first that has classes.
        """
        if self.labels is None:
            return next(iter(self.outputs), None)
        ordered = sorted(self.outputs, key=lambda info: info.task == "regression")
        return next(iter(ordered), None)

    def _scorer(self, target: Target) -> Scorer:
        if isinstance(target, Contrast):
            return ContrastScorer(self._scorer(target.a), self._scorer(target.b))
        if isinstance(target, Neuron):
            return self._neuron(target)
        if isinstance(target, Output):
            return self._index(self._output(target), target.index, received=name_of(target))
        if callable(target):
            return CallableScorer(target)
        if self.main is None:
            raise ValueError(
                f"Model {self.layers.model!r} returns no tensor with an axis of samples and an "
                f"axis of values; name a target by a callable. Received: targets={target!r}"
            )
        return self._index(self.main, target, received=f"targets={target!r}")

    def _output(self, target: Output) -> OutputInfo:
        for info in self.outputs:
            if target.name in (info.name, info.position):
                return info
        names = ", ".join(repr(info.name or info.position) for info in self.outputs)
        raise ValueError(
            f"Model {self.layers.model!r} has the outputs {names}. Received: targets={target!r}"
        )

    def _index(self, info: OutputInfo, target: Any, *, received: str) -> IndexScorer:
        labels_map = self._label_map(info)
        if isinstance(target, str) and target in ("label", "predicted"):
            return self._named_index(info, target, labels_map, received=received)
        if is_index(target):
            indices = np.full(self.samples, int(target), np.int32)
        else:
            indices = sample_indices(target, self.samples)
        _check_range(info, indices, what="A target", received=received)
        return IndexScorer(info, self._put("index", indices), labels_map)

    def _named_index(
        self, info: OutputInfo, target: str, labels_map: str | None, *, received: str
    ) -> IndexScorer:
        if info.task == "regression":
            if info.classes > 1:
                raise ValueError(
                    f"A regression of {info.classes} values has no label or predicted value; "
                    f"name one of them by its index, such as targets=0. Received: {received}"
                )
            return IndexScorer(info, None, None)
        if target == "predicted":
            return IndexScorer(info, None, None)
        if self.labels is None:
            raise ValueError(
                "The target 'label' needs labels; pass them, or use targets='predicted'. "
                f"Received: {received}, labels=None"
            )
        return IndexScorer(info, self._put("label", self.label_indices(info)), labels_map)

    def label_indices(self, info: OutputInfo) -> npt.NDArray[np.int32]:
        """Returns the label of each sample; of a label map its largest class but background."""
        labels = _whole(self.labels)
        if info.task == "segmentation" and labels.ndim > 1:
            return _largest_object(_maps(info, labels, self.samples), info.classes)
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        check_one_per_sample(labels, self.samples, what="labels")
        _check_range(info, labels, what="A label", received=_span(labels))
        return labels

    def _label_map(self, info: OutputInfo) -> str | None:
        if info.task != "segmentation" or self.labels is None:
            return None
        labels = _whole(self.labels)
        foreign = len(self.outputs) > 1 and labels.size != self.samples * prod(info.places)
        if labels.ndim < 2 or foreign:
            return None
        return self._put("map", _maps(info, labels, self.samples))

    def _neuron(self, target: Neuron) -> NeuronScorer:
        received = f"targets={target!r}"
        layer = self.layers.find(target.layer, received=received)
        channels = layer.grid[2] if layer.grid is not None else (layer.shape or (0,))[-1]
        if layer.grid is None and layer.layout != "vector":
            raise ValueError(
                f"Layer {layer.path!r} puts out shape {layer.shape}, which has no channels to "
                f"explain; name a layer with rows and columns or a vector. Received: {received}"
            )
        if not is_index(target.channel) or not 0 <= target.channel < channels:
            raise ValueError(
                f"Layer {layer.path!r} has {channels} channels, 0 to {channels - 1}. "
                f"Received: {received}"
            )
        return NeuronScorer(layer, target.channel)

    def _put(self, name: str, array: Array) -> str:
        for known, other in self.aside.items():
            if other.shape == array.shape and np.array_equal(other, array):
                return known
        key = f"{name} {len(self.aside)}"
        self.aside[key] = array
        return key


def _whole(labels: Any) -> npt.NDArray[np.int32]:
    array = np.asarray(labels)
    if array.dtype.kind == "f" and np.array_equal(array, np.round(array)):
        array = array.astype(np.int32)
    if array.dtype.kind not in "iub":
        raise ValueError(
            f"Labels of classes must be whole numbers. Received: labels of dtype {array.dtype}"
        )
    return array.astype(np.int32)


def _check_range(info: OutputInfo, indices: Array, *, what: str, received: str) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= info.classes):
        output = f"output {info.name!r}" if info.name is not None else "the output"
        raise ValueError(
            f"{what} of {output} must be one of its {info.classes} classes, 0 to "
            f"{info.classes - 1}. Received: {received}"
        )


def _span(labels: Array) -> str:
    return f"labels from {labels.min()} to {labels.max()}"


def _maps(info: OutputInfo, labels: npt.NDArray[np.int32], samples: int) -> Array:
    places = int(np.prod(info.places))
    if len(labels) != samples or labels.size != samples * places:
        raise ValueError(
            f"Labels must be one index per sample, or one for each place: shape "
            f"{(samples, *info.places)}. Received: labels of shape {labels.shape}"
        )
    flat = labels.reshape(samples, places)
    _check_range(info, flat, what="A label", received=_span(flat))
    return flat


def _largest_object(maps: Array, classes: int) -> npt.NDArray[np.int32]:
    areas = np.stack([(maps == c).sum(axis=1) for c in range(classes)], axis=1)
    largest = areas[:, 1:].argmax(axis=1) + 1
    return np.where(areas[:, 1:].max(axis=1) > 0, largest, 0).astype(np.int32)
