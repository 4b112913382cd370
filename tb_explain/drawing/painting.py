"""Values to colours, as the tab paints them: values are enlarged before they are coloured."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tb_explain.drawing import colormaps
from tb_explain.drawing.colormaps import Table

Floats = npt.NDArray[Any]
Pixels = npt.NDArray[np.uint8]

_LUMA: Final = np.array([0.2126, 0.7152, 0.0722])
_CONTRAST: Final = 0.66
_BRIGHTNESS: Final = 0.8
_SHOWS_FROM: Final = 0.05
_SHOWS_FULLY_AFTER: Final = 0.42
_NEUTRAL_GAP: Final = 0.17


def table_for(colormap: str, *, signed: bool) -> str:
    """Returns the table to use: a sequential one would hide the sign, so RdBu takes its place."""
    if signed and not colormaps.is_diverging(colormap):
        return "RdBu"
    return colormap


def scale_of(values: Floats) -> float:
    """Returns the 99th percentile of the finite magnitudes, their maximum where that is zero."""
    magnitudes = np.abs(values[np.isfinite(values)])
    if magnitudes.size == 0:
        return 0.0
    return float(np.percentile(magnitudes, 99)) or float(magnitudes.max())


def enlarged(values: Floats, rows: int, cols: int) -> Floats:
    """Returns `(rows, cols)` values, bilinear between the centres of the cells of a map."""
    down, across = _between(values.shape[0], rows), _between(values.shape[1], cols)
    return down @ np.nan_to_num(values, posinf=0, neginf=0) @ across.T


def overlay(relative: Floats, picture: Pixels, *, colormap: str, opacity: float) -> Pixels:
    """Paints a map over a picture that gives way: grey, flatter and darker.

    Args:
        relative: Map divided by its scale, of the size of the picture; below zero if signed.
        picture: The picture, `(rows, cols, 1 or 3)`.
        colormap: A table; a diverging one where values may be below zero.
        opacity: Opacity of the strongest values; zero is transparent whatever it is.
    """
    magnitude = np.clip(np.abs(relative), 0, 1)
    rising = np.clip((magnitude - _SHOWS_FROM) / _SHOWS_FULLY_AFTER, 0, 1)
    alpha = (opacity * rising**0.8)[..., None]
    colours = _coloured(_overlay_places(relative, magnitude, colormap), colormap)
    return _as_pixels(alpha * colours + (1 - alpha) * _subdued(picture))


def solid(relative: Floats, *, colormap: str) -> Pixels:
    """Paints a map alone; zero is the middle of a diverging table and the start of others."""
    limited = np.clip(relative, -1, 1)
    places = (limited + 1) / 2 if colormaps.is_diverging(colormap) else limited
    return _as_pixels(_coloured(places, colormap))


def as_colours(relative: Floats) -> Pixels:
    """Paints a map of three channels as a colour picture whose grey is zero."""
    return _as_pixels(127.5 + 127.5 * np.clip(np.nan_to_num(relative), -1, 1))


def bar(colormap: str, *, signed: bool, opacity: float | None) -> Pixels:
    """Paints the colour bar of a map as the map is painted, shape `(8, 256, 3)`.

    Args:
        colormap: A table.
        signed: Whether it runs from minus the scale to the scale, or from zero.
        opacity: Opacity over a middle grey picture, or `None` for maps that stand alone.
    """
    relative = np.tile(np.linspace(-1 if signed else 0, 1, 256), (8, 1))
    if opacity is None:
        return solid(relative, colormap=colormap)
    grey = np.full((8, 256, 1), 128, np.uint8)
    return overlay(relative, grey, colormap=colormap, opacity=opacity)


def _overlay_places(relative: Floats, magnitude: Floats, colormap: str) -> Floats:
    if not colormaps.is_diverging(colormap):
        return np.clip(relative, 0, 1)
    return 0.5 + np.sign(relative) * (_NEUTRAL_GAP + (0.5 - _NEUTRAL_GAP) * magnitude)


def _coloured(places: Floats, colormap: str) -> Floats:
    table: Table = colormaps.lookup_table(colormap)
    return table[np.clip(np.rint(places * 255), 0, 255).astype(np.int64)].astype(np.float64)


def _subdued(picture: Pixels) -> Floats:
    grey = picture[..., :1] if picture.shape[-1] == 1 else picture[..., :3] @ _LUMA[:, None]
    return ((grey / 255 - 0.5) * _CONTRAST + 0.5) * _BRIGHTNESS * 255 * np.ones(3)


def _as_pixels(colours: Floats) -> Pixels:
    return np.rint(np.clip(colours, 0, 255)).astype(np.uint8)


def _between(size: int, enlarged_size: int) -> Floats:
    centres = np.clip((np.arange(enlarged_size) + 0.5) * size / enlarged_size - 0.5, 0, size - 1)
    lower = np.minimum(centres.astype(np.int64), max(size - 2, 0))
    share = centres - lower
    weights = np.zeros((enlarged_size, size))
    weights[np.arange(enlarged_size), lower] = 1 - share
    weights[np.arange(enlarged_size), np.minimum(lower + 1, size - 1)] += share
    return weights
