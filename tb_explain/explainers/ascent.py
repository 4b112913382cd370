"""Gradient ascent by Adam that can be continued later."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

Reals = npt.NDArray[np.floating[Any]]

_FIRST_DECAY: Final = 0.9
_SECOND_DECAY: Final = 0.99  # The model changes between records, so what is long ago must fade.
_EPSILON: Final = 1e-3


@final
@dataclass(frozen=True, eq=False)
class Ascent:
    """Where an ascent of several points stands; a point is an array.

    Attributes:
        points: `float32`, shape `(points, ...)`.
        first: Mean of the gradients of late, of the same shape.
        second: Mean of their squares.
        steps: How many steps each point took along its gradient, shape `(points,)`.
        iterations: How many steps there were, those along no gradient included.
    """

    points: Reals
    first: Reals
    second: Reals
    steps: npt.NDArray[np.intp]
    iterations: int

    @classmethod
    def start(cls, points: Reals) -> Self:
        """Returns an ascent that begins."""
        nothing = np.zeros_like(points)
        return cls(points, nothing, nothing, np.zeros(len(points), np.intp), 0)

    def stepped(self, gradient: Reals, *, rate: float, decay: float, otherwise: Reals) -> Self:
        """Returns the ascent after one step of Adam.

        Gradients are divided by their root mean square, so that only directions count. A point
        whose gradient is zero or not finite has none; it goes along `otherwise`.

        Args:
            gradient: Of what is to grow, for the points.
            rate: Size of a step.
            decay: Part of each point that is lost before.
            otherwise: A direction, of the shape of one point.

        References:
            Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980; Loshchilov and Hutter, 2019,
            https://arxiv.org/abs/1711.05101
        """
        axes = tuple(range(1, gradient.ndim))
        largest = np.abs(gradient).max(axis=axes, keepdims=True)
        known = np.isfinite(largest) & (largest > 0)
        # Squares of small gradients would vanish.
        slope = np.where(known, gradient, 0) / np.where(known, largest, 1)
        size = np.sqrt((slope**2).mean(axis=axes, keepdims=True))
        slope = slope / np.where(known, size, 1)
        steps = self.steps + known.ravel()
        first = np.where(known, _mean(self.first, slope, _FIRST_DECAY), self.first)
        second = np.where(known, _mean(self.second, slope**2, _SECOND_DECAY), self.second)
        counted = np.maximum(steps, 1).astype(np.float32).reshape(known.shape)
        mean = first / (1 - _FIRST_DECAY**counted)
        spread = np.sqrt(second / (1 - _SECOND_DECAY**counted))
        step = np.where(known, mean / (spread + _EPSILON), otherwise)
        points = (1 - decay) * self.points + rate * step
        return type(self)(points, first, second, steps, self.iterations + 1)

    def without_lost(self, before: Self) -> Self:
        """Returns the ascent with those points back where they were that met no gradient since."""
        met = self.steps > before.steps
        column = met.reshape((-1,) + (1,) * (self.points.ndim - 1))
        points = np.where(column, self.points, before.points)
        return type(self)(points, self.first, self.second, self.steps, self.iterations)


def _mean(old: Reals, new: Reals, decay: float) -> Reals:
    return decay * old + (1 - decay) * new
