# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Asks a model how strongly channels of a layer answer pictures, and which way is up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, prod
from typing import Any, Final, final

import keras
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.probe.inputs import Array, fixed_batch
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.program import Part
from tb_explain.probe.queries.questions import Questions
from tb_explain.probe.run_model import random_state_kept
from tb_explain.probe.scores.score import Scene, Scored
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.layouts import layer_to_grid, to_grid

Reals = npt.NDArray[np.floating[Any]]

_CHANNEL: Final = "asked channel"
_PICTURE_COLOURS: Final = (1, 3)


@final
@dataclass(frozen=True)
class ChannelScorer:
    """Scores a channel of a layer by its sum over all places, another channel for each row.

    It is no mean, whose gradient would be too small for float16 where there are many places.
    """

    layer: LayerInfo

    def __call__(self, scene: Scene) -> Scored:
        """Returns the sums."""
        ops: Any = keras.ops
        values = layer_to_grid(scene.tapped[self.layer.path], self.layer, ops)
        sums = ops.sum(ops.reshape(values, (values.shape[0], -1, values.shape[-1])), axis=1)
        index = ops.cast(scene.aside[_CHANNEL], "int32")
        score = ops.take_along_axis(sums, index[:, None], axis=1)[:, 0]
        nothing = ops.full_like(score, float("nan"))
        return Scored(score, index, nothing, ops.ones_like(score))


@final
@dataclass(frozen=True)
class _ChannelGradient(Part):
    """The gradient of what a `ChannelScorer` scores for the input, as a part of a pass."""

    layer: str

    @override
    def needs(self, layers: LayerTable) -> Needs:
        return Needs(activations=(self.layer,), input_gradient=True)

    @override
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        return {"map": seen.input_gradient}


@final
class ChannelQueries:
    """What channels of a layer answer to pictures, one picture for each channel.

    Inputs of the model beside the explained one are those of the first sample.

    Args:
        questions: Compiles what is asked.
        layer: The layer, with rows and columns or a vector.
        channels: Its channels, or the units of a vector.

    Attributes:
        forwards: How often the model was run forward, counted in pictures.
        backwards: How often it was run backward, counted in pictures.
    """

    def __init__(self, questions: Questions, layer: LayerInfo, channels: Sequence[int]) -> None:
        self.forwards = 0
        self.backwards = 0
        self._questions = questions
        self._layer = layer
        self._channels = np.asarray(channels, np.int32)
        self._rows = _rows(questions, len(self._channels))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and channels of a picture."""
        return self._questions.table.input_grid or (1, 1, 1)

    def input_range(self) -> tuple[Reals, Reals]:
        """Returns the smallest and the largest value of the samples, shape `(channels,)`.

        The colours of a picture share a range. Other channels, which may be in units of their
        own, have one each.
        """
        inputs = self._questions.inputs
        layout = "grid_channels_first" if self._questions.program.channels_first else "grid"
        leaf = to_grid(inputs.leaves[inputs.explained], layout, self.shape, keras.ops)
        samples = np.asarray(keras.ops.convert_to_numpy(leaf), np.float32)
        axes = (0, 1, 2, 3) if samples.shape[-1] in _PICTURE_COLOURS else (0, 1, 2)
        low, high = samples.min(axis=axes), samples.max(axis=axes)
        colours = (samples.shape[-1],)
        return np.broadcast_to(low, colours), np.broadcast_to(high, colours)

    def answers(self, pictures: Reals) -> tuple[Reals, Reals]:
        """Returns the mean of each channel over all places, and its gradient for the picture.

        Args:
            pictures: One for each channel, `(channels, rows, cols, colours)`.

        Returns:
            Means `(channels,)`, and gradients of the shape of the pictures.
        """
        part = _ChannelGradient(self._layer.path)
        scorers = (ChannelScorer(self._layer),)
        program, compiled = self._questions.compiled(scorers, part, predicts=False)
        with random_state_kept():
            results = [compiled(leaves, aside) for leaves, aside in self._batches(pictures)]
        if program.failures:
            raise program.failures[0]
        self.forwards += len(pictures)
        self.backwards += len(pictures)
        sums = _joined([result["scores"][0] for result in results], len(pictures))
        gradients = _joined([result["parts"][0][0]["map"] for result in results], len(pictures))
        return sums / self._places, gradients / self._places

    @property
    def _places(self) -> int:
        return 1 if self._layer.grid is None else prod(self._layer.grid[:2])

    def _batches(self, pictures: Reals) -> Iterator[tuple[list[Array], dict[str, Array]]]:
        """Yields leaves and aside of each pass, the last filled up with its last picture."""
        inputs = self._questions.inputs
        asked = self._native(pictures)
        beside = inputs.first(copies=self._rows)
        for start in range(0, len(asked), self._rows):
            rows = np.minimum(np.arange(start, start + self._rows), len(asked) - 1)
            leaves = [
                asked[rows] if position == inputs.explained else leaf
                for position, leaf in enumerate(beside)
            ]
            yield leaves, {_CHANNEL: self._channels[rows]}

    def _native(self, pictures: Reals) -> Array:
        inputs = self._questions.inputs
        shape = inputs.leaves[inputs.explained].shape[1:]
        if self._questions.program.channels_first and len(shape) == 3:
            pictures = np.moveaxis(pictures, -1, 1)
        return np.ascontiguousarray(pictures.reshape(-1, *shape))


def _rows(questions: Questions, pictures: int) -> int:
    """Returns how many pictures a pass takes: as many as fit, in passes of one size."""
    fixed = fixed_batch(questions.program.model)
    return fixed or ceil(pictures / ceil(pictures / questions.rows))


def _joined(tensors: Sequence[Tensor], used: int) -> Reals:
    arrays = [np.asarray(keras.ops.convert_to_numpy(tensor), np.float32) for tensor in tensors]
    return np.concatenate(arrays)[:used]
