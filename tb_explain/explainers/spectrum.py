"""Pictures as sums of waves, in which an ascent moves coarse and fine structures alike."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.floating[Any]]

# A square root of the correlations of red, green and blue over ImageNet, as measured by Lucid:
# https://github.com/tensorflow/lucid/blob/master/lucid/optvis/param/color.py
_COLOURS: Final = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))


@final
@dataclass(frozen=True)
class Spectrum:
    """The linear map from spectra to pictures of one size.

    A spectrum `z` holds a complex amplitude for each wave and colour. Its picture is
    `irfft2(s z) C^T`, the orthonormal inverse Fourier transform of the half that a real picture
    needs. The scale `s = k / max(f, 1 / max(rows, cols))` makes the spectrum decay with the
    frequency `f`, in cycles per pixel, as that of natural pictures does; `k` is such that white
    noise of unit variance in `z` becomes pixels of unit variance. With three colours `C` mixes
    uncorrelated ones as they are correlated in natural pictures; otherwise `C` is the identity.

    All is `float32`. Complex numbers are written as two real ones, in the last axis.

    Args:
        rows: Rows of the pictures.
        cols: Columns.
        colours: Their channels.

    References:
        Olah et al., 2017, https://distill.pub/2017/feature-visualization/
    """

    rows: int
    cols: int
    colours: int

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Shape of one spectrum: `(colours, rows, half of the columns, 2)`."""
        return self.colours, self.rows, self.cols // 2 + 1, 2

    def pictures(self, spectra: Reals) -> Reals:
        """Returns the pictures of spectra, `(pictures, rows, cols, colours)`."""
        waves = np.ascontiguousarray(spectra, np.float32).view(np.complex64)[..., 0] * self._scale
        sums = np.fft.irfft2(waves, s=(self.rows, self.cols), norm="ortho").astype(np.float32)
        return np.moveaxis(sums, 1, -1) @ self._colours.T

    def adjoint(self, pictures: Reals) -> Reals:
        """Returns the transposed map of pictures, which takes gradients back to spectra."""
        sums = np.ascontiguousarray(np.moveaxis(pictures @ self._colours, -1, 1))
        waves = np.fft.rfft2(sums, norm="ortho") * (self._scale * self._occurrences)
        return waves.astype(np.complex64)[..., None].view(np.float32)

    @cached_property
    def _scale(self) -> Reals:
        across = np.fft.rfftfreq(self.cols)[None, :]
        frequencies = np.hypot(np.fft.fftfreq(self.rows)[:, None], across)
        scale = 1 / np.maximum(frequencies, 1 / max(self.rows, self.cols))
        variance = ((scale * self._occurrences) ** 2).sum() / (self.rows * self.cols)
        return (scale / np.sqrt(variance)).astype(np.float32)

    @cached_property
    def _occurrences(self) -> Reals:
        """How often each column of a half spectrum stands in the whole: its mirror image too."""
        columns = np.arange(self.cols // 2 + 1)
        own_mirror = (columns == 0) | (2 * columns == self.cols)
        return np.where(own_mirror, 1, 2).astype(np.float32)

    @cached_property
    def _colours(self) -> Reals:
        if self.colours != len(_COLOURS):
            return np.eye(self.colours, dtype=np.float32)
        mixed = np.array(_COLOURS, np.float32)
        return mixed / np.linalg.norm(mixed, axis=0).max()
