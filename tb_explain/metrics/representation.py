"""Likeness of representations: what two layers, or one at two records, tell samples apart by."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from tb_explain.explanation import Floats

RELIABLE_SAMPLES: Final = 64
"""Fewer samples leave too much to chance: what CKA says of them is marked as unreliable."""

_FEWEST: Final = 4


def linear_cka(features: npt.ArrayLike, others: npt.ArrayLike) -> float:
    """Returns the debiased linear CKA of two representations of the same samples, -1 to 1.

    With `K = X X^T` and `L = Y Y^T` it is `HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L))`, where HSIC
    is estimated without bias: diagonals are left out, so that samples are only told apart from
    others. 1 where the samples lie alike, up to a rotation, a shift and a scale; near 0 where
    they lie otherwise. With few samples it says little: 64 at least.

    Args:
        features: `(samples, channels)`.
        others: `(samples, other channels)`, of the same samples.

    Returns:
        The likeness; NaN with fewer than 4 samples, for samples that are all alike, and where
        something is not finite.

    Raises:
        ValueError: If the numbers of samples differ.

    References:
        Kornblith et al., 2019, https://arxiv.org/abs/1905.00414
        Nguyen et al., 2021, https://arxiv.org/abs/2010.15327
        Murphy et al., 2024, https://arxiv.org/abs/2405.01012
    """
    both = Representation.of(features), Representation.of(others)
    if both[0].samples != both[1].samples:
        raise ValueError(
            "Both representations are of the same samples. "
            f"Received: {both[0].samples} and {both[1].samples} samples"
        )
    return both[0].cka(both[1])


@final
@dataclass(frozen=True, eq=False)
class Representation:
    """How alike samples are to each other, as far as CKA looks at it.

    Attributes:
        likeness: What each pair of samples has in common beyond what each has with all others:
            `(pairs,)`, of norm 1, so that CKA is a scalar product. NaN where that is not defined.
        samples: Number of samples.
    """

    likeness: Floats
    samples: int

    @classmethod
    def of(cls, features: npt.ArrayLike) -> Self:
        """Returns what CKA sees of features, `(samples, channels)`.

        Raises:
            ValueError: If the features have another shape.
        """
        rows = np.asarray(features, np.float64)
        if rows.ndim != 2:
            raise ValueError(
                "Features of samples have the shape (samples, channels). "
                f"Received: features of shape {rows.shape}"
            )
        samples = len(rows)
        pairs = np.triu_indices(samples, 1)
        if samples < _FEWEST or not np.isfinite(rows).all():
            return cls(np.full(len(pairs[0]), np.nan, np.float32), samples)
        return cls(_unit(_centred(_gram(rows))[pairs]).astype(np.float32), samples)

    def cka(self, other: "Representation") -> float:
        """Returns the debiased linear CKA with another representation; NaN of other samples."""
        if self.samples != other.samples:
            return float("nan")
        found = float(np.dot(self.likeness.astype(np.float64), other.likeness))
        return min(1.0, max(-1.0, found)) if np.isfinite(found) else found


def _gram(rows: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """Returns the scalar products of all pairs; a shift and a scale change no CKA, but rounding."""
    shifted = rows - rows.mean(axis=0)
    scaled = (shifted / (np.abs(shifted).max(initial=0) or 1)).astype(np.float32)
    return scaled @ scaled.T


def _centred(gram: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Returns a matrix whose rows sum to 0 beside its diagonal (U-centred).

    `HSIC(K, L)` is the mean product of two such matrices: Song et al., 2012, in the form of
    Szekely and Rizzo, 2014, https://arxiv.org/abs/1310.2926.
    """
    samples = len(gram)
    beside = gram.astype(np.float64)
    np.fill_diagonal(beside, 0)
    means = beside.sum(axis=1) / (samples - 2)
    return beside - means[:, None] - means + means.sum() / (samples - 1)


def _unit(likeness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    norm = np.sqrt(np.square(likeness).sum())
    # What remains of samples that are all alike is rounding.
    return likeness / norm if norm > np.finfo(np.float32).eps else np.full_like(likeness, np.nan)
