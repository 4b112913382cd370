"""Where the object is in each sample: masks, or boxes around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from tb_explain.trees import as_numpy


@final
@dataclass(frozen=True, eq=False)
class BoundingBoxes:
    """Boxes around the objects of the samples, in place of masks.

    ```python
    tbx.Explain("logs", images, labels, masks=tbx.BoundingBoxes([(10, 4, 42, 36), ...]))
    ```

    Args:
        corners: Of each sample its box `(left, top, right, bottom)`, or any number of boxes,
            `(boxes, 4)`; none where the object is not in the picture. Columns and rows are counted
            in pixels from the upper left corner of the picture: `(0, 0, cols, rows)` is all of it.
        relative: Whether corners are shares of the picture, 0 to 1, in place of pixels.
    """

    corners: Sequence[Any] | npt.NDArray[Any]
    relative: bool = False

    def masks(self, rows: int, cols: int) -> npt.NDArray[np.bool_]:
        """Returns which pixels have their centre in a box, `(samples, rows, cols)`.

        Args:
            rows: Rows of the pictures.
            cols: Columns of the pictures.

        Raises:
            ValueError: If something is no box, or a box holds no pixel of its picture.
        """
        found = np.zeros((len(self.corners), rows, cols), bool)
        for sample, corners in enumerate(self.corners):
            for box in _boxes(corners, sample):
                left, top, right, bottom = box * (cols, rows, cols, rows) if self.relative else box
                down = _inside(rows, top, bottom)
                across = _inside(cols, left, right)
                if not (down.any() and across.any()):
                    raise ValueError(
                        f"A box holds pixels of its picture, which has {rows} rows and {cols} "
                        f"columns. Received: {box.tolist()} for sample {sample}"
                    )
                found[sample] |= down[:, None] & across
        return found


def object_masks(
    masks: npt.ArrayLike | BoundingBoxes | None, count: int, size: tuple[int, ...]
) -> npt.NDArray[np.bool_] | None:
    """Returns which pixels of each sample the object covers, `(samples, rows, cols)`.

    Args:
        masks: Masks, zero outside of the object, or boxes.
        count: How many samples there are.
        size: Rows and columns of the pictures; empty where there are none.

    Raises:
        ValueError: If they don't fit the samples.
        TypeError: If masks are no numbers.
    """
    if masks is None:
        return None
    if isinstance(masks, BoundingBoxes):
        return _boxed(masks, count, size)
    found = _stacked(masks)
    if found.ndim == 4 and found.shape[-1] == 1:
        found = found[..., 0]
    if found.ndim != 3 or len(found) != count:
        raise ValueError(
            f"Masks have the shape (samples, rows, cols), here ({count}, rows, cols). "
            f"Received: masks of shape {found.shape}"
        )
    if size and found.shape[1:] != size:
        raise ValueError(
            f"Masks have rows and columns of the pictures, here ({count}, {size[0]}, {size[1]}). "
            f"Received: masks of shape {found.shape}"
        )
    return found > 0


def _boxed(boxes: BoundingBoxes, count: int, size: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    if len(boxes.corners) != count:
        raise ValueError(
            "`BoundingBoxes` has one entry per sample. "
            f"Received: {len(boxes.corners)} for {count} samples"
        )
    if not size:
        raise ValueError(
            "Boxes lie on pictures, with rows and columns; give `masks` or a `display`. "
            "Received: samples without pictures"
        )
    rows, cols = size
    return boxes.masks(rows, cols)


def _boxes(corners: Any, sample: int) -> npt.NDArray[np.float64]:
    """Returns the boxes of a sample, `(boxes, 4)`."""
    try:
        found = np.asarray(as_numpy(corners), np.float64)
    except (TypeError, ValueError):
        found = np.full((1, 1), np.nan)
    if found.size == 0:
        return np.zeros((0, 4))
    found = np.atleast_2d(found)
    if found.ndim != 2 or found.shape[1] != 4 or not np.isfinite(found).all():
        raise ValueError(
            "A box is (left, top, right, bottom), four finite numbers. "
            f"Received: {corners!r} for sample {sample}"
        )
    return found


def _inside(pixels: int, first: float, last: float) -> npt.NDArray[np.bool_]:
    centres = np.arange(pixels) + 0.5
    return (centres >= first) & (centres < last)


def _stacked(masks: npt.ArrayLike) -> npt.NDArray[Any]:
    try:
        found = np.asarray(as_numpy(masks))
    except ValueError as error:
        raise ValueError(f"All masks have the same rows and columns. Received: {error}") from error
    if found.dtype.kind not in "biuf":
        raise TypeError(f"Masks are numbers. Received: masks of type {found.dtype}")
    return found
