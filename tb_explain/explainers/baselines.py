"""What stands in for a sample, or a part of it, that is taken away."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np
import numpy.typing as npt

from tb_explain.probe.needs import Tensor

_REACH = 4  # Standard deviations after which a blur weighs nothing.


@dataclass(frozen=True)
class Baseline(ABC):
    """A picture without what is to be explained."""

    @abstractmethod
    def of(self, samples: Tensor, ops: Any) -> Tensor:
        """Returns the baseline of each sample, of the shape of `samples`.

        Args:
            samples: The explained input, shape `(samples, rows, cols, channels)`.
            ops: `keras.ops`, or an object with the same functions.

        Raises:
            ValueError: If it does not fit the samples.
        """


@final
@dataclass(frozen=True)
class Uniform(Baseline):
    """The same value everywhere, in the unit of the model's input."""

    value: float

    def of(self, samples: Tensor, ops: Any) -> Tensor:
        return ops.full_like(samples, self.value)


@final
@dataclass(frozen=True)
class Blurred(Baseline):
    """The sample, blurred by a Gaussian until it shows nothing.

    Args:
        sigma: Standard deviation in pixels; `None` takes a tenth of the longer side.
    """

    sigma: float | None = None

    def of(self, samples: Tensor, ops: Any) -> Tensor:
        rows, cols = int(samples.shape[1]), int(samples.shape[2])
        sigma = max(rows, cols) / 10 if self.sigma is None else self.sigma
        down = ops.einsum("or,nrck->nock", _gaussian(rows, sigma), samples)
        return ops.einsum("pc,nock->nopk", _gaussian(cols, sigma), down)


@final
@dataclass(frozen=True, eq=False)
class Picture(Baseline):
    """A given picture, or one per sample; equal to another if the values are."""

    values: npt.NDArray[np.float32]

    def of(self, samples: Tensor, ops: Any) -> Tensor:
        shape = tuple(int(size) for size in samples.shape)
        if self.values.shape not in (shape, shape[1:]):
            raise ValueError(
                f"A baseline picture has the shape {shape[1:]}, or {shape} with one for each "
                f"sample. Received: baseline of shape {self.values.shape}"
            )
        return ops.zeros_like(samples) + ops.convert_to_tensor(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self._digest())

    def __repr__(self) -> str:
        return f"Picture({self._digest()[:8]})"

    def _digest(self) -> str:
        content = f"{self.values.shape}".encode() + self.values.tobytes()
        return hashlib.sha256(content).hexdigest()


AnyBaseline = float | Baseline | npt.ArrayLike


def as_baseline(setting: AnyBaseline, *, received: str) -> Baseline:
    """Returns the baseline that a user means by a number, an array or a baseline.

    Raises:
        ValueError: If it is none of these, or not finite.
    """
    if isinstance(setting, Baseline):
        return setting
    try:
        values = np.asarray(setting, np.float32)
    except (TypeError, ValueError) as error:
        raise ValueError(_wrong(received)) from error
    if not np.isfinite(values).all() or values.ndim not in (0, 3, 4):
        raise ValueError(_wrong(received))
    return Uniform(float(values)) if values.ndim == 0 else Picture(values.copy())


def kept_baseline(setting: AnyBaseline, *, received: str) -> float | Baseline:
    """Returns a baseline as a setting that can be compared and hashed; a number as it is.

    Raises:
        ValueError: If it is no baseline, or not finite.
    """
    found = as_baseline(setting, received=received)
    if isinstance(found, Uniform) and not isinstance(setting, Baseline):
        return float(np.asarray(setting, np.float64))
    return found


class HasBaseline(Protocol):
    """Settings with a baseline among them."""

    @property
    def baseline(self) -> AnyBaseline: ...


def keep_baseline(settings: HasBaseline) -> None:
    """Makes the baseline of frozen settings one that can be compared and hashed.

    Raises:
        ValueError: If it is no baseline, or not finite.
    """
    received = f"baseline={settings.baseline!r}"
    kept = kept_baseline(settings.baseline, received=received)
    object.__setattr__(settings, "baseline", kept)


def baseline_of(settings: HasBaseline, samples: Tensor, ops: Any) -> Tensor:
    """Returns the baseline of each sample, of the shape of `samples`.

    Raises:
        ValueError: If it does not fit the samples.
    """
    return as_baseline(settings.baseline, received=repr(settings)).of(samples, ops)


def check_baseline(setting: AnyBaseline, grid: Sequence[int] | None, *, received: str) -> None:
    """Checks that a baseline fits an input of `grid`, its rows, columns and channels.

    Raises:
        ValueError: If it is no baseline, not finite, or a picture of another shape.
    """
    found = as_baseline(setting, received=received)
    if isinstance(found, Picture) and found.values.shape[-3:] != grid:
        raise ValueError(
            f"A baseline picture has the shape {grid} of a sample, or one axis more with one for "
            f"each sample. Received: {received} of shape {found.values.shape}"
        )


def _wrong(received: str) -> str:
    return (
        "A baseline is a finite number, tbx.Blurred() or a picture of the shape of a sample. "
        f"Received: {received}"
    )


def _gaussian(size: int, sigma: float) -> npt.NDArray[np.float32]:
    """Returns the matrix that blurs a side; each row sums to 1, also at the edges."""
    places = np.arange(size)
    distance = (places[:, None] - places[None, :]) / max(sigma, 1e-6)
    weights = np.where(np.abs(distance) <= _REACH, np.exp(-0.5 * distance**2), 0)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
