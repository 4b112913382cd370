# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""The samples as the model takes them: checked, one of them explained, cut into batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import keras
import numpy as np
import numpy.typing as npt

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer

Array = npt.NDArray[Any]

_LISTED = 4


@final
@dataclass(frozen=True, eq=False)
class Inputs:
    """Samples of a model with one or several inputs.

    Attributes:
        structure: The samples in the nesting that the model takes.
        leaves: The arrays of all inputs, each starting with the axis of samples.
        explained: Position of the explained input among `leaves`.
        samples: Number of samples.
    """

    structure: Any
    leaves: tuple[Array, ...]
    explained: int
    samples: int

    def pack(self, leaves: Sequence[Tensor]) -> Any:
        """Returns `leaves` in the nesting that the model takes."""
        return keras.tree.pack_sequence_as(self.structure, list(leaves))

    def first(self, *, copies: int) -> tuple[Array, ...]:
        """Returns the first sample, `copies` times."""
        return tuple(np.repeat(leaf[:1], copies, axis=0) for leaf in self.leaves)

    def batches(self, size: int, aside: Mapping[str, Array]) -> Iterator["Batch"]:
        """Returns batches of exactly `size` samples, the last one filled up with its last sample.

        Args:
            size: Samples per batch.
            aside: Arrays that go with the samples, such as labels, cut in the same places.
        """
        for start in range(0, self.samples, size):
            used = min(size, self.samples - start)
            rows = np.minimum(np.arange(start, start + size), self.samples - 1)
            yield Batch(
                tuple(leaf[rows] for leaf in self.leaves),
                {name: array[rows] for name, array in aside.items()},
                used,
            )


@final
@dataclass(frozen=True, eq=False)
class Batch:
    """Samples of one run of the compiled pass; only the first `used` rows count."""

    leaves: tuple[Array, ...]
    aside: Mapping[str, Array]
    used: int


def read_inputs(model: Layer, samples: Any, explained: str | int | None) -> Inputs:
    """Checks samples against a model and finds the input to explain.

    Args:
        model: Takes the samples.
        samples: One array, or a list or dictionary of arrays for several inputs.
        explained: Name or position of the input to explain, default the first with rows and
            columns.

    Raises:
        ValueError: If there are no samples, the inputs differ in number, or a shape is wrong.
    """
    leaves = tuple(_numbers(leaf) for leaf in keras.tree.flatten(samples))
    counts = {len(leaf) if leaf.ndim else 0 for leaf in leaves}
    shapes = ", ".join(str(leaf.shape) for leaf in leaves)
    if not leaves or counts == {0}:
        raise ValueError(f"At least one sample is needed. Received: samples of shape {shapes}")
    if len(counts) != 1:
        raise ValueError(
            "All inputs of a model must hold the same number of samples. "
            f"Received: inputs of shape {shapes}"
        )
    _check_shapes(model, samples, leaves)
    position = _explained(samples, leaves, explained)
    leaves = tuple(_real(leaf) if index == position else leaf for index, leaf in enumerate(leaves))
    return Inputs(samples, leaves, position, counts.pop())


def fixed_batch(model: Layer) -> int | None:
    """Returns the batch size that a model insists on, or `None`."""
    shapes = _declared(model)
    sizes = {shape[0] for shape in shapes if shape and shape[0] is not None}
    return sizes.pop() if len(sizes) == 1 else None


def _real(leaf: Array) -> Array:
    if leaf.dtype.kind in "cmMOSU":
        raise ValueError(
            "Explained samples are real numbers; convert them by np.asarray(samples, 'float32'). "
            f"Received: samples of type {leaf.dtype}"
        )
    return leaf.astype(np.float32)


def _numbers(leaf: Any) -> Array:
    array = np.asarray(leaf)
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64:
        return array.astype(np.int32)
    return array


def _declared(model: Layer) -> list[tuple[int | None, ...]]:
    inputs = getattr(model, "inputs", None)
    return [tuple(tensor.shape) for tensor in inputs] if inputs else []


def _check_shapes(model: Layer, samples: Any, leaves: Sequence[Array]) -> None:
    expected = _declared(model)
    if not expected or isinstance(samples, Mapping):
        return
    if len(expected) == len(leaves) and all(map(_fits, expected, leaves)):
        return
    if len(expected) == 1 and leaves[0].ndim == len(expected[0]) - 1 and len(leaves) == 1:
        hint = " One sample needs the axis of samples too, such as samples[None]."
    elif len(expected) == 1 and len(leaves) > 1:
        hint = " A list holds one array for each input; np.stack(samples) makes one of pictures."
    else:
        hint = ""
    raise ValueError(
        f"Model {model.name!r} takes samples of shape {_listed(expected)}.{hint} "
        f"Received: samples of shape {_listed([leaf.shape for leaf in leaves])}"
    )


def _fits(expected: Sequence[int | None], leaf: Array) -> bool:
    return leaf.ndim == len(expected) and all(
        size is None or size == found
        for size, found in zip(expected[1:], leaf.shape[1:], strict=True)
    )


def _listed(shapes: Sequence[Sequence[int | None]]) -> str:
    listed = [
        "(" + ", ".join(["samples", *map(str, shape[1:])]) + ")" if shape else "()"
        for shape in shapes[:_LISTED]
    ]
    rest = len(shapes) - len(listed)
    return " and ".join([*listed, f"{rest} more"] if rest else listed)


def _explained(samples: Any, leaves: Sequence[Array], wanted: str | int | None) -> int:
    names: list[Any] = list(range(len(leaves)))
    if isinstance(samples, Mapping):
        names = keras.tree.flatten({name: name for name in samples})
    if wanted is not None:
        if wanted not in names:
            raise ValueError(
                f"The input to explain must be one of {', '.join(map(repr, names))}. "
                f"Received: explained_input={wanted!r}"
            )
        return names.index(wanted)
    for rank in (4, 5, 3):
        for index, leaf in enumerate(leaves):
            if leaf.ndim == rank:
                return index
    return 0
