"""Segments: parts of a picture that are shown or hidden as a whole."""

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, cast, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

Labels = npt.NDArray[np.int32]
Pixels = npt.NDArray[np.float32]

_FEWEST_PIXELS = 4  # Of a segment, on average; smaller ones hide too little.
_FIRMER = (1, 10, 100, 1000, 10_000)  # Compactness, until a picture without edges falls apart.


@dataclass(frozen=True)
class Segments(ABC):
    """A way to cut samples into segments."""

    @abstractmethod
    def check(self, grid: tuple[int, int, int], *, received: str) -> None:
        """Checks the settings, before anything is explained.

        Args:
            grid: Rows, columns and channels of a sample.
            received: The explainer, for the error.

        Raises:
            ValueError: If they make no sense for the samples, or need what is not installed.
        """

    @abstractmethod
    def of(self, samples: Pixels) -> Labels:
        """Returns the segment of each pixel, shape `(samples, rows, cols)`.

        Each sample has segments from 0 on, without a gap.

        Args:
            samples: The explained input, shape `(samples, rows, cols, channels)`.

        Raises:
            ValueError: If they do not fit the samples.
        """


@final
@dataclass(frozen=True)
class Superpixels(Segments):
    """Pixels that are neighbours and alike, by SLIC; needs scikit-image.

    Samples are brought to 0..1 each, so whatever range and number of channels the model takes will
    do; three channels are compared as colours. A picture that SLIC leaves in less than half as
    many segments, one of noise for example, is cut more regularly.

    Args:
        segments: Of a sample, about; a sample with fewer than 4 pixels for each gets fewer.
        compactness: How regular segments are: the difference in colour, of 100 between black and
            white, that counts as much as the distance between two segments.

    References:
        Achanta et al., 2012, https://doi.org/10.1109/TPAMI.2012.120
    """

    segments: int = 50
    compactness: float = 10.0

    @override
    def check(self, grid: tuple[int, int, int], *, received: str) -> None:
        if self.segments < 2 or not self.compactness > 0:
            raise ValueError(
                "A sample is cut into at least two superpixels of a compactness above 0; the "
                f"defaults are segments=50 and compactness=10. Received: {received}"
            )
        if find_spec("skimage") is None:
            raise ValueError(
                "Superpixels are found by scikit-image, which is not installed: "
                'pip install "tb-explain[superpixels]", or segments=tbx.Grid(7, 7). '
                f"Received: {received}"
            )

    @override
    def of(self, samples: Pixels) -> Labels:
        return np.stack([_consecutive(self._of_one(sample)) for sample in samples])

    def _of_one(self, sample: Pixels) -> npt.NDArray[Any]:
        from skimage.segmentation import slic  # An extra.  # pyright: ignore

        slic = cast(Any, slic)
        wanted = max(1, min(self.segments, sample.shape[0] * sample.shape[1] // _FEWEST_PIXELS))
        colours = sample.shape[-1] == 3
        found: npt.NDArray[Any] = np.zeros(sample.shape[:2], np.int32)
        for factor in _FIRMER:
            found = slic(
                _unit(sample),
                n_segments=wanted,
                compactness=factor * self.compactness / (1 if colours else 100),
                channel_axis=-1,
                convert2lab=colours,
                start_label=0,
            )
            if 2 * len(np.unique(found)) >= wanted:
                break
        return found


@final
@dataclass(frozen=True)
class Grid(Segments):
    """Rectangles of about the same size.

    Args:
        rows: Rectangles along the rows of a sample.
        cols: Rectangles along its columns.
    """

    rows: int = 7
    cols: int = 7

    @override
    def check(self, grid: tuple[int, int, int], *, received: str) -> None:
        if not (
            1 <= self.rows <= grid[0] and 1 <= self.cols <= grid[1] and self.rows * self.cols > 1
        ):
            raise ValueError(
                f"A grid has at least two rectangles and at most as many as the {grid[0]} rows and "
                f"{grid[1]} columns of a sample. Received: {received}"
            )

    @override
    def of(self, samples: Pixels) -> Labels:
        rows, cols = samples.shape[1:3]
        down, across = _parts(rows, self.rows), _parts(cols, self.cols)
        labels = down[:, None] * self.cols + across[None, :]
        return np.repeat(labels[None], len(samples), axis=0)


@final
@dataclass(frozen=True, eq=False)
class Labelled(Segments):
    """Given segments, for all samples or for each; equal to others if the labels are."""

    labels: npt.NDArray[np.integer[Any]]

    @override
    def check(self, grid: tuple[int, int, int], *, received: str) -> None:
        if self.labels.ndim not in (2, 3) or self.labels.shape[-2:] != grid[:2]:
            raise ValueError(
                f"Given segments have the shape {grid[:2]}, or (samples, {grid[0]}, {grid[1]}). "
                f"Received: labels of shape {self.labels.shape} in {received}"
            )
        pictures = self.labels.reshape(-1, grid[0] * grid[1])
        if (pictures == pictures[:, :1]).all(axis=1).any():
            raise ValueError(
                "A sample has at least two segments, so that one can be hidden. Received: labels "
                f"that are the same at all pixels, in {received}"
            )

    @override
    def of(self, samples: Pixels) -> Labels:
        shape = samples.shape[:3]
        if self.labels.shape not in (shape, shape[1:]):
            raise ValueError(
                f"Given segments have the shape {shape[1:]}, or {shape} with one picture for each "
                f"sample. Received: labels of shape {self.labels.shape}"
            )
        pictures = np.broadcast_to(self.labels, shape)
        return np.stack([_consecutive(picture) for picture in pictures])

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Labelled) and np.array_equal(self.labels, other.labels)

    @override
    def __hash__(self) -> int:
        return hash(self._digest())

    @override
    def __repr__(self) -> str:
        return f"Labelled({self._digest()[:8]})"

    def _digest(self) -> str:
        content = f"{self.labels.shape}".encode() + self.labels.astype(np.int64).tobytes()
        return hashlib.sha256(content).hexdigest()


AnySegments = Segments | npt.ArrayLike


def as_segments(setting: AnySegments, *, received: str) -> Segments:
    """Returns the segments that a user means by an array of labels, or as they are.

    Raises:
        ValueError: If it is neither.
    """
    if isinstance(setting, Segments):
        return setting
    labels = np.asarray(setting)
    if labels.dtype.kind not in "iu" or labels.ndim not in (2, 3):
        raise ValueError(
            "Segments are tbx.Superpixels(), tbx.Grid(rows, cols), or whole numbers of shape "
            f"(rows, cols) or (samples, rows, cols). Received: {received}"
        )
    return Labelled(labels.copy())


def _unit(sample: Pixels) -> npt.NDArray[np.float64]:
    """Returns a sample in 0..1; zero where it is all the same."""
    values = np.nan_to_num(np.asarray(sample, np.float64), posinf=0, neginf=0)
    values = values - values.min()
    return values / (values.max() or 1.0)


def _parts(side: int, parts: int) -> Labels:
    return (np.arange(side, dtype=np.int32) * np.int32(parts)) // np.int32(side)


def _consecutive(labels: npt.NDArray[Any]) -> Labels:
    _, places = np.unique(labels, return_inverse=True)
    return places.reshape(labels.shape).astype(np.int32)
