# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Asks a model about changed samples: compiled once, in batches of one size, and counted."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, final

import keras
from typing_extensions import Self

from tb_explain.probe.needs import Tensor
from tb_explain.probe.program import Part
from tb_explain.probe.queries.questions import InputGradient, LayerOutput, Questions
from tb_explain.probe.run_model import random_state_kept
from tb_explain.probe.scores.frozen import FrozenScorers
from tb_explain.probe.scores.score import Scorer, has_probability
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.layouts import to_grid


def _scores(result: Any) -> Tensor:
    return keras.ops.stack(list(result["scores"]))


def _probabilities(result: Any) -> Tensor:
    return keras.ops.stack([entry["probability"] for entry in result["scored"]])


@final
class Queries:
    """What a model answers about changed samples, with the weights of now and for all targets.

    Classes and regions of the targets are those of the unchanged samples. A *variant* is the
    explained input of all samples, changed, of shape `(samples, rows, cols, channels)`. Variants
    come as an iterable that is read as answers are taken, so that few are in memory at a time;
    answers come in their order. Other inputs of the model stay as they are.

    Attributes:
        forwards: How often the model was run forward, counted in samples.
        backwards: How often it was run backward, counted in samples and targets.
    """

    def __init__(self, questions: Questions) -> None:
        self.forwards = 0
        self.backwards = 0
        self._questions = questions
        count = questions.inputs.samples
        self._variants = max(1, questions.rows // count)
        self._rows = questions.rows
        self._frozen = FrozenScorers(questions.scorers)
        self._aside = _rows_of(dict(questions.aside), self._variants)
        self._beside = _rows_of(dict(enumerate(questions.inputs.leaves)), self._variants)
        self._samples = self._grid(self._beside[questions.inputs.explained][:count])
        self._freeze()

    @property
    def samples(self) -> Tensor:
        """The explained input, `float32` of shape `(samples, rows, cols, channels)`."""
        return self._samples

    @property
    def model(self) -> Any:
        """The model that is asked."""
        return self._questions.program.model

    @property
    def layers(self) -> LayerTable:
        """The layers of the model."""
        return self._questions.table

    @property
    def targets(self) -> int:
        """Number of targets."""
        return len(self._questions.scorers)

    @property
    def has_probability(self) -> tuple[bool, ...]:
        """Of which targets the model gives a probability."""
        return tuple(has_probability(scorer) for scorer in self._questions.scorers)

    @property
    def held(self) -> tuple[Sequence[Scorer], Mapping[str, Tensor]]:
        """Targets with the classes and regions of the unchanged samples, and what they read."""
        count = self._questions.inputs.samples
        return self._frozen.scorers, {name: each[:count] for name, each in self._aside.items()}

    def at(self, variant: Tensor) -> Self:
        """Returns queries that take changed samples for the unchanged ones; targets stay."""
        moved = copy.copy(self)
        moved._samples = variant
        return moved

    def scores(self, variants: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yields the scores of each variant, shape `(targets, samples)`: one forward pass."""
        for scores, _ in self._answers(None, variants):
            yield scores

    def probabilities(self, variants: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yields the probabilities of each variant, NaN for targets that have none; likewise."""
        for probabilities, _ in self._answers(None, variants, read=_probabilities):
            yield probabilities

    def gradients(self, variants: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yields scores, and their gradients for each variant: a forward and a backward pass.

        The gradients have the shape `(targets, samples, rows, cols, channels)`.
        """
        yield from self._answers(InputGradient(), variants)

    def maps(self, part: Part, variants: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yields what an explainer of the shared pass makes of each variant.

        Args:
            part: A resolved explainer; hashable. Of what it makes `"map"` is taken.
            variants: Changed samples.

        Yields:
            Maps of shape `(targets, samples, rows, cols, channels)`.
        """
        for _, maps in self._answers(part, variants):
            yield maps

    def activation(self, layer: str) -> Tensor:
        """Returns what a layer puts out for the unchanged samples: one forward pass.

        The shape is `(samples, rows, cols, channels)`, that of the layer.
        """
        (answer,) = self._answers(LayerOutput(layer), [self._samples])
        return answer[1][0]

    def _answers(
        self,
        part: Part | None,
        variants: Iterable[Tensor],
        *,
        read: Callable[[Any], Tensor] = _scores,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        waiting: list[Tensor] = []
        for variant in variants:
            waiting.append(variant)
            if len(waiting) == self._variants:
                yield from self._answered(part, waiting, read=read)
                waiting = []
        if waiting:
            yield from self._answered(part, waiting, read=read)

    def _answered(
        self, part: Part | None, variants: Sequence[Tensor], *, read: Callable[[Any], Tensor]
    ) -> Iterator[tuple[Tensor, Tensor]]:
        ops: Any = keras.ops
        count = self._questions.inputs.samples
        filled = [*variants, *[variants[-1]] * (self._variants - len(variants))]
        program, compiled = self._questions.compiled(self._frozen.scorers, part)
        asked = self._native(filled[0] if len(filled) == 1 else ops.concatenate(filled))
        with random_state_kept():
            results = [compiled(leaves, aside) for leaves, aside in self._batches(asked)]
        if program.failures:
            raise program.failures[0]
        self.forwards += len(variants) * count
        if program.input_gradient or program.gradient_layers:
            self.backwards += len(variants) * count * self.targets
        scores = _joined([read(result) for result in results])
        maps = None if part is None else _joined([_maps(result) for result in results])
        for index in range(len(variants)):
            span = slice(index * count, (index + 1) * count)
            yield scores[:, span], maps if maps is None else maps[:, span]

    def _batches(self, asked: Tensor) -> Iterator[tuple[list[Tensor], dict[str, Tensor]]]:
        """Yields leaves and aside of each pass, the last filled up with its last row."""
        explained = self._questions.inputs.explained
        rows, total = self._rows, int(asked.shape[0])
        for start in range(0, total, rows):
            leaves = [
                asked if position == explained else self._beside[position]
                for position in range(len(self._beside))
            ]
            yield (
                [_filled(leaf, start, rows) for leaf in leaves],
                {name: _filled(tensor, start, rows) for name, tensor in self._aside.items()},
            )

    def _freeze(self) -> None:
        """Finds the classes and regions of the unchanged samples, where they can change."""
        moving = self._frozen.moving
        if not moving:
            return
        _, compiled = self._questions.compiled(moving, None, keeps_places=True)
        leaf = self._beside[self._questions.inputs.explained]
        with random_state_kept():
            results = [compiled(leaves, aside) for leaves, aside in self._batches(leaf)]
        total = int(leaf.shape[0])
        scored = [_scored(results, number, total) for number in range(len(moving))]
        self._aside |= self._frozen.aside(scored)

    def _grid(self, leaf: Tensor) -> Tensor:
        layout = "grid_channels_first" if self._questions.program.channels_first else "grid"
        return to_grid(leaf, layout, self._questions.table.input_grid, keras.ops)

    def _native(self, variant: Tensor) -> Tensor:
        ops: Any = keras.ops
        inputs = self._questions.inputs
        if self._questions.program.channels_first and len(variant.shape) == 4:
            return ops.transpose(variant, (0, 3, 1, 2))
        shape = inputs.leaves[inputs.explained].shape[1:]
        return variant if tuple(variant.shape[1:]) == shape else ops.reshape(variant, (-1, *shape))


def _rows_of(arrays: Mapping[Any, Any], copies: int) -> dict[Any, Tensor]:
    """Returns tensors that hold the rows of each array `copies` times, one after the other."""
    ops: Any = keras.ops
    tensors = {name: ops.convert_to_tensor(array) for name, array in arrays.items()}
    if copies == 1:
        return tensors
    return {name: ops.concatenate([tensor] * copies) for name, tensor in tensors.items()}


def _filled(tensor: Tensor, start: int, rows: int) -> Tensor:
    ops: Any = keras.ops
    if start == 0 and int(tensor.shape[0]) == rows:
        return tensor
    cut = tensor[start : start + rows]
    missing = rows - int(cut.shape[0])
    if not missing:
        return cut
    return ops.concatenate([cut, ops.repeat(cut[-1:], missing, axis=0)])


def _maps(result: Any) -> Tensor:
    ops: Any = keras.ops
    made = [entry["map"] for entry in result["parts"][0]]
    return made[0][None] if len(made) == 1 else ops.stack(made)


def _joined(tensors: Sequence[Tensor]) -> Tensor:
    return tensors[0] if len(tensors) == 1 else keras.ops.concatenate(list(tensors), axis=1)


def _scored(results: Sequence[Any], number: int, total: int) -> dict[str, Tensor]:
    ops: Any = keras.ops
    entries = [result["scored"][number] for result in results]
    return {
        name: ops.concatenate([entry[name] for entry in entries])[:total]
        for name in ("target", "places")
        if entries[0][name] is not None
    }
