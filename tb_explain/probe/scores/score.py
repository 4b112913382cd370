# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Scores of targets, computed inside the trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.scores.outputs import OutputInfo, Reading
from tb_explain.probe.structure.layer_table import LayerInfo
from tb_explain.probe.structure.layouts import layer_to_grid


@final
@dataclass(frozen=True, eq=False)
class Scene:
    """What a forward pass offers to targets.

    Attributes:
        output: What the model returned.
        readings: Scores of the outputs that are explained, by position.
        aside: Labels and chosen indices of the samples.
        tapped: What layers put out, by path.
        samples: Number of samples in the batch.
    """

    output: Any
    readings: Mapping[int, Reading]
    aside: Mapping[str, Tensor]
    tapped: Mapping[str, Tensor]
    samples: int


@final
@dataclass(frozen=True, eq=False)
class Scored:
    """The score of one target.

    Attributes:
        score: `float32` of shape `(samples,)`.
        index: `int32` index of the explained output, -1 where the target has none.
        probability: Probability of that index, NaN where there is none.
        region: Number of places that the score is a mean of.
        places: 1 at each of these places and 0 elsewhere, shape `(samples, places)`; `None`
            where there is one place.
    """

    score: Tensor
    index: Tensor
    probability: Tensor
    region: Tensor
    places: Tensor | None = None


class Scorer(Protocol):
    """A target, ready for the trace."""

    def __call__(self, scene: Scene) -> Scored:
        """Returns the score of every sample."""
        ...


@final
@dataclass(frozen=True)
class IndexScorer:
    """Scores one class of each sample, over its region if the model predicts for each place.

    Attributes:
        info: The output.
        indices: Name of the indices in `Scene.aside`, or `None` for the predicted ones.
        label_map: Name of the labels of all places in `Scene.aside`, or `None` to use the
            region where the class is predicted.
    """

    info: OutputInfo
    indices: str | None
    label_map: str | None

    def __call__(self, scene: Scene) -> Scored:
        ops: Any = keras.ops
        reading = scene.readings[self.info.position]
        index = predicted_index(self.info, reading)
        if self.indices is not None:
            index = ops.cast(scene.aside[self.indices], "int32")
        region = self._region(scene, reading, index)
        count = ops.sum(region, axis=1)
        score = _mean(_at(reading.scores, index), region)
        missing = ops.full_like(score, float("nan"))
        probability = (
            missing
            if reading.probabilities is None
            else _mean(_at(reading.probabilities, index), region)
        )
        return Scored(score, index, probability, count, region)

    def _region(self, scene: Scene, reading: Reading, index: Tensor) -> Tensor:
        ops: Any = keras.ops
        if self.info.task != "segmentation":
            return ops.ones_like(reading.scores[:, :, 0])
        if self.label_map is not None:
            labels = scene.aside[self.label_map]
        else:
            labels = ops.argmax(reading.scores, axis=-1)
        return ops.cast(ops.equal(ops.cast(labels, "int32"), index[:, None]), "float32")


@final
@dataclass(frozen=True)
class ContrastScorer:
    """Scores one target less another."""

    first: Scorer
    second: Scorer

    def __call__(self, scene: Scene) -> Scored:
        first, second = self.first(scene), self.second(scene)
        region = keras.ops.minimum(first.region, second.region)
        return Scored(first.score - second.score, first.index, first.probability, region)


@final
@dataclass(frozen=True)
class NeuronScorer:
    """Scores the mean of one channel of a layer over all places."""

    layer: LayerInfo
    channel: int

    def __call__(self, scene: Scene) -> Scored:
        ops: Any = keras.ops
        values = layer_to_grid(scene.tapped[self.layer.path], self.layer, ops)[..., self.channel]
        score = ops.mean(ops.reshape(values, (values.shape[0], -1)), axis=-1)
        return _without_index(score)


@final
@dataclass(frozen=True)
class CallableScorer:
    """Scores what a function of the user makes of the outputs."""

    function: Callable[[Any], Tensor]

    def __call__(self, scene: Scene) -> Scored:
        score: Any = keras.ops.cast(self.function(scene.output), "float32")
        if tuple(score.shape) != (scene.samples,):
            raise ValueError(
                f"A target function must return one score per sample, shape ({scene.samples},). "
                f"Received: shape {tuple(score.shape)}"
            )
        return _without_index(score)


def predicted_index(info: OutputInfo, reading: Reading) -> Tensor:
    """Returns the predicted class of each sample, or 0 for a regression.

    Where a model predicts for each place, it is the class with the largest area that is not
    class 0, the background; class 0 if there is no other.
    """
    ops: Any = keras.ops
    best = ops.argmax(reading.scores, axis=-1)
    if info.task == "regression":
        return ops.cast(ops.zeros_like(best[:, 0]), "int32")
    if info.task != "segmentation":
        return ops.cast(best[:, 0], "int32")
    areas = ops.sum(ops.one_hot(best, info.classes, dtype="float32"), axis=1)
    object_areas = areas[:, 1:]
    largest = ops.argmax(object_areas, axis=-1) + 1
    found = ops.max(object_areas, axis=-1) > 0
    return ops.cast(ops.where(found, largest, ops.zeros_like(largest)), "int32")


def summarise(info: OutputInfo, reading: Reading, *, most: int = 5) -> dict[str, Tensor]:
    """Returns what the model predicts for each sample: its classes with the largest probability."""
    ops: Any = keras.ops
    index = predicted_index(info, reading)
    if reading.probabilities is None:
        nothing = ops.full_like(reading.scores[:, 0, 0], float("nan"))
        return {"predicted": ops.full_like(index, -1), "predicted_probability": nothing}
    means = ops.mean(reading.probabilities, axis=1)
    top, classes = ops.top_k(means, min(most, info.classes))
    chosen = ops.take_along_axis(means, index[:, None], axis=-1)[:, 0]
    return {
        "predicted": index,
        "predicted_probability": chosen,
        "top_class": ops.cast(classes, "int32"),
        "top_probability": top,
    }


def explained_output(scorers: Sequence[Scorer]) -> OutputInfo | None:
    """Returns the output that the first target with an index is of, or `None`."""
    for scorer in scorers:
        inner = scorer.first if isinstance(scorer, ContrastScorer) else scorer
        if isinstance(inner, IndexScorer):
            return inner.info
    return None


def has_probability(scorer: Scorer) -> bool:
    """Whether a target is a class that the model gives a probability; a difference is none."""
    return isinstance(scorer, IndexScorer) and scorer.info.task != "regression"


def scorers_used(scorers: Sequence[Scorer]) -> tuple[set[int], set[str]]:
    """Returns the positions of the outputs and the paths of the layers that scorers read."""
    outputs: set[int] = set()
    layers: set[str] = set()
    for scorer in scorers:
        if isinstance(scorer, ContrastScorer):
            inner = scorers_used((scorer.first, scorer.second))
            outputs |= inner[0]
            layers |= inner[1]
        elif isinstance(scorer, IndexScorer):
            outputs.add(scorer.info.position)
        elif isinstance(scorer, NeuronScorer):
            layers.add(scorer.layer.path)
    return outputs, layers


def _at(values: Tensor, index: Tensor) -> Tensor:
    places = values.shape[1]
    ops: Any = keras.ops
    wide = ops.repeat(index[:, None, None], places, axis=1)
    return ops.take_along_axis(values, wide, axis=-1)[:, :, 0]


def _mean(values: Tensor, region: Tensor) -> Tensor:
    ops: Any = keras.ops
    kept = ops.where(region > 0, values, ops.zeros_like(values))
    return ops.sum(kept, axis=1) / ops.maximum(ops.sum(region, axis=1), 1.0)


def _without_index(score: Tensor) -> Scored:
    ops: Any = keras.ops
    return Scored(
        score,
        ops.cast(ops.full_like(score, -1), "int32"),
        ops.full_like(score, float("nan")),
        ops.ones_like(score),
    )
