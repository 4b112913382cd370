"""Likeness of representations: what two layers, or one at two records, tell samples apart by."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from tb_explain.explanation import Floats

RELIABLE_SAMPLES: Final = 64
"""Fewer samples leave too much to chance: what CKA says of them is marked as unreliable."""

_FEWEST: Final = 4
_ROUNDING: Final = 1e-5


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
            `(samples * samples,)`, of norm 1, so that CKA is a scalar product. NaN where it is not
            defined.
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
        with np.errstate(over="ignore"):
            rows = np.asarray(features).astype(np.float32)
        if rows.ndim != 2:
            raise ValueError(
                "Features of samples have the shape (samples, channels). "
                f"Received: features of shape {rows.shape}"
            )
        samples = len(rows)
        if samples < _FEWEST or not rows.shape[1] or not np.isfinite(rows).all():
            return cls(np.full(samples * samples, np.nan, np.float32), samples)
        return cls(_unit(_centred(_gram(rows))).ravel(), samples)

    def cka(self, other: "Representation") -> float:
        """Returns the debiased linear CKA with another representation; NaN of other samples."""
        if self.samples != other.samples:
            return float("nan")
        return float(np.clip(np.dot(self.likeness, other.likeness), -1, 1))


def _gram(rows: Floats) -> Floats:
    """Returns the scalar products of all pairs; a shift and a scale change no CKA, but rounding."""
    scaled = rows / (np.abs(rows).max() or np.float32(1))
    shifted = scaled - scaled.mean(axis=0)
    shifted /= np.abs(shifted).max() or np.float32(1)
    return shifted @ shifted.T


def _centred(gram: Floats) -> Floats:
    """Returns a matrix whose rows sum to 0, with a diagonal of zeros (U-centred).

    `HSIC(K, L)` is the mean product of two such matrices: Song et al., 2012, in the form of
    Szekely and Rizzo, 2014, https://arxiv.org/abs/1310.2926.
    """
    samples = len(gram)
    np.fill_diagonal(gram, 0)
    means = gram.sum(axis=1) / (samples - 2)
    centred = gram - means[:, None] - means + means.sum() / (samples - 1)
    np.fill_diagonal(centred, 0)
    return centred


def _unit(likeness: Floats) -> Floats:
    norm = np.float32(np.linalg.norm(likeness))
    # What remains of samples that are all alike is rounding.
    return likeness / norm if norm > _ROUNDING else np.full_like(likeness, np.nan)
