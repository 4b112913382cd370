"""What people look at: inputs of a model as 8-bit pictures."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.probe.structure.layouts import is_signal
from tb_explain.trees import as_numpy, leaves

Pictures = npt.NDArray[np.uint8]
Found = tuple[Pictures | None, tuple[str, ...]]


def displayed_pictures(inputs: Any, display: npt.ArrayLike | Callable[[Any], Any] | None) -> Found:
    """Returns the pictures to show and sentences about how they were made.

    Args:
        inputs: What the model takes.
        display: Pictures, or a function from the inputs to pictures, or `None` for the first
            input that has rows and columns.

    Returns:
        `uint8` of shape `(samples, rows, cols, 1 or 3)`, or `None` where no input is a picture;
        and notes.
    """
    if display is not None:
        made = display(inputs) if callable(display) else display
        return _as_pictures(np.asarray(as_numpy(made)), "display")
    images = [leaf for leaf in leaves(inputs) if leaf.ndim == 4]
    if images:
        return _as_pictures(images[0], "input")
    planes = [leaf for leaf in leaves(inputs) if leaf.ndim == 3]
    if planes:
        rows = planes[0][:, None] if is_signal(*planes[0].shape[1:]) else planes[0]
        return _as_pictures(rows, "input")
    if any(leaf.ndim == 5 for leaf in leaves(inputs)):
        return None, (
            "Volumes are not shown; display=lambda x: x[:, x.shape[1] // 2] shows a slice of each.",
        )
    return None, ("No input has rows and columns to show; `display=` can give pictures.",)


def _as_pictures(values: npt.NDArray[Any], source: str) -> Found:
    if values.ndim == 3:
        values = values[..., None]
    if values.ndim != 4 or not values.size:
        raise ValueError(
            "Pictures have the shape (samples, rows, cols, channels), at least one of each. "
            f"Received: {source} of shape {values.shape}"
        )
    if values.dtype.kind in "cmMOSU":
        raise TypeError(
            "Pictures are real numbers; convert them by np.asarray(pictures, 'float32'). "
            f"Received: {source} of type {values.dtype}"
        )
    values, notes = _three_channels(channels_last(values))
    pictures, range_notes = _as_bytes(values, source)
    return pictures, (*notes, *range_notes)


def channels_last(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns pictures of shape `(samples, rows, cols, channels)` in whichever order they came."""
    if values.shape[1] in (1, 3, 4) and min(values.shape[2:]) > 4:
        return np.moveaxis(values, 1, -1)
    return values


def _three_channels(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    channels = values.shape[-1]
    if channels in (1, 3):
        return values, ()
    if channels == 4:
        return values[..., :3], ("Pictures show the first three of 4 channels.",)
    if channels == 2:
        return values[..., :1], ("Pictures show the first of 2 channels; `display=` can differ.",)
    return values[..., :3], (
        f"Pictures show the first three of {channels} channels; `display=` can show others.",
    )


def _as_bytes(values: npt.NDArray[Any], source: str) -> Found:
    if values.dtype == np.uint8:
        return values, ()
    real = np.nan_to_num(values.astype(np.float32), posinf=0, neginf=0)
    low, high = float(real.min()), float(real.max())
    if low >= 0 and high <= 1:
        return np.rint(real * 255).astype(np.uint8), ()
    if low >= 0 and high <= 255:
        return np.rint(real).astype(np.uint8), ()
    if low >= -1 and high <= 1:
        return np.rint((real + 1) * 127.5).astype(np.uint8), ()
    note = (
        f"Pictures are stretched from {low:.3g} to {high:.3g}, as the {source} is normalised; "
        "`display=` can give the originals."
    )
    span = high - low or 1.0
    return np.rint((real - low) / span * 255).astype(np.uint8), (note,)
