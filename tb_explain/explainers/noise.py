"""Gaussian noise that is fixed for a run, and the same for every sample and every backend."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tb_explain.explainers.base import Explainer
from tb_explain.probe.needs import Tensor


def check_noise(explainer: Explainer, *, points: int, noise: float, seed: int) -> None:
    """Checks the settings of an average over noise.

    Args:
        explainer: For the error.
        points: Points of the average.
        noise: Standard deviation, as a share of a range.
        seed: Of the noise.

    Raises:
        ValueError: If one makes no sense.
    """
    if points < 1:
        raise ValueError(f"An average has at least one point. Received: {explainer!r}")
    if not 0 <= noise < float("inf"):
        raise ValueError(
            "Noise is a finite share of the range of a sample, at least 0, such as 0.15. "
            f"Received: {explainer!r}"
        )
    if seed < 0:
        raise ValueError(f"A seed is a whole number of at least 0. Received: {explainer!r}")


def spread_of(samples: Tensor, noise: float, ops: Any) -> Tensor:
    """Returns the standard deviation of the noise of each sample, `noise * (max - min)`."""
    axes = (1, 2, 3)
    largest = ops.max(samples, axis=axes, keepdims=True)
    return noise * (largest - ops.min(samples, axis=axes, keepdims=True))


def pattern(samples: Tensor, *, seed: int, point: int, ops: Any) -> Tensor:
    """Returns standard normal noise for all samples alike, shape `(1, rows, cols, channels)`."""
    shape = (1, *(int(size) for size in samples.shape[1:]))
    drawn = np.random.default_rng([seed, point]).standard_normal(shape, np.float32)
    return ops.convert_to_tensor(drawn)


def noisy(samples: Tensor, *, points: int, noise: float, seed: int, ops: Any) -> Iterator[Tensor]:
    """Yields the samples with noise added, once per point."""
    spread = spread_of(samples, noise, ops)
    for point in range(points):
        yield samples + spread * pattern(samples, seed=seed, point=point, ops=ops)
