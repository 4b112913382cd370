"""What to explain of a model's output."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast, final

import numpy as np
import numpy.typing as npt

from tb_explain.probe.needs import Tensor

Index = int | str | Sequence[int] | npt.NDArray[np.integer[Any]]
Target = Any  # "label", "predicted", an index, one per sample, one of the classes here, a callable.

_KINDS: Final = (
    "A target must be 'label', 'predicted', an index, one index per sample, tbx.Output, "
    "tbx.Contrast, tbx.Neuron or a callable"
)


@final
@dataclass(frozen=True)
class Output:
    """One output of a model with several.

    Args:
        name: Key of the output in the dictionary that the model returns, its name, or its
            position.
        index: `"label"`, `"predicted"`, an index of this output, or one index per sample.
    """

    name: str | int
    index: Index = "predicted"

    @property
    def target_name(self) -> str:
        return f"Output({self.name}, {name_of(self.index)})"


@final
@dataclass(frozen=True)
class Contrast:
    """The score of one target less that of another: why `a` rather than `b`.

    Args:
        a: The target that is explained.
        b: The target it is held against.
    """

    a: Index | Output
    b: Index | Output

    @property
    def target_name(self) -> str:
        return f"Contrast({name_of(self.a)}, {name_of(self.b)})"


@final
@dataclass(frozen=True)
class Neuron:
    """One channel inside the model: the mean of what it puts out over all places.

    Args:
        layer: Path or unique name of a layer.
        channel: Channel of the layer, from 0.
    """

    layer: str
    channel: int

    @property
    def target_name(self) -> str:
        return f"Neuron({self.layer}, {self.channel})"


def name_of(target: Target) -> str:
    """Returns the name of a target in tags and headers."""
    if isinstance(target, Output | Contrast | Neuron):
        return target.target_name
    if isinstance(target, str):
        return target
    if is_index(target):
        return f"class {int(target)}"
    if callable(target):
        return _callable_name(target)
    return "given"


def is_index(target: Target) -> bool:
    """Whether a target is one index for all samples."""
    return isinstance(target, int | np.integer) and not isinstance(target, bool)


def split_targets(targets: Any) -> tuple[tuple[str, Target], ...]:
    """Returns every target with a name of its own; a tuple holds several targets.

    Raises:
        ValueError: If there is none.
    """
    wanted = cast(tuple[Target, ...], targets if isinstance(targets, tuple) else (targets,))
    if not wanted:
        raise ValueError("At least one target is needed, such as 'predicted'. Received: targets=()")
    named: dict[str, Target] = {}
    for target in wanted:
        _check_kind(target)
        name, count = name_of(target), 1
        while name in named:
            count += 1
            name = f"{name_of(target)} {count}"
        named[name] = target
    return tuple(named.items())


def check_one_per_sample(indices: npt.NDArray[Any], samples: int, *, what: str) -> None:
    """Checks that there is one index per sample.

    Raises:
        ValueError: If they are one-hot, or of another number.
    """
    if indices.ndim == 2:
        raise ValueError(
            f"{what.capitalize()} must be one index per sample; turn one-hot rows into indices "
            f"by np.argmax({what}, -1). Received: {what} of shape {indices.shape}"
        )
    if indices.ndim != 1 or len(indices) != samples:
        raise ValueError(
            f"{what.capitalize()} must be one index for each of the {samples} samples. "
            f"Received: {what} of shape {indices.shape}"
        )


def sample_indices(target: Any, samples: int) -> npt.NDArray[np.int32]:
    """Returns one index per sample.

    Raises:
        ValueError: If they are one-hot, not whole numbers, or of another length.
    """
    indices = np.asarray(target)
    check_one_per_sample(indices, samples, what="targets")
    if not np.issubdtype(indices.dtype, np.integer):
        raise ValueError(
            f"Targets must be whole numbers. Received: targets of dtype {indices.dtype}"
        )
    return indices.astype(np.int32)


def _check_kind(target: Target) -> None:
    if isinstance(target, Contrast):
        _check_kind(target.a)
        _check_kind(target.b)
        return
    known = is_index(target) or callable(target) or hasattr(target, "__array__")
    if not known and not isinstance(target, Output | Neuron | str | list):
        raise TypeError(f"{_KINDS}. Received: targets={target!r}")
    if isinstance(target, str) and target not in ("label", "predicted"):
        raise ValueError(f"{_KINDS}. Received: targets={target!r}")
    if isinstance(target, list) and not all(map(is_index, cast(list[Target], target))):
        raise ValueError(
            "A list of targets holds one index per sample; a tuple holds several targets. "
            f"Received: targets={target!r}"
        )


def _callable_name(function: Callable[..., Tensor]) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return "function" if name == "<lambda>" else name
