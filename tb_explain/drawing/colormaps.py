"""Colour tables, the same as in the tab."""

from typing import Final

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.uint8]

_SEQUENTIAL: Final = {
    "inferno": "000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4",
    "viridis": "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
    "cividis": "00204d 00336f 39486b 575c6d 707173 8a8779 a69d75 c4b56c e4cf5b ffea46",
    "magma": "000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf",
    "gray": "000000 ffffff",
}
_DIVERGING: Final = {
    "RdBu": "0b3d78 2268ad 5aa2d0 a9d0e5 f2f2f0 f8bfa0 ea7f5b cf3a35 8a0a24",
    "PuOr": "3b1a6e 6446a0 9a86c4 cfc6e2 f2f2f0 fbd3a0 ee9f4a c76d12 7f3b08",
}
NAMES: Final = (*_SEQUENTIAL, *_DIVERGING)


def is_diverging(name: str) -> bool:
    """Whether the middle of a table stands for zero."""
    _check(name)
    return name in _DIVERGING


def lookup_table(name: str) -> Table:
    """Returns 256 colours, linear between the stops of a table, shape `(256, 3)`.

    Raises:
        ValueError: If there is no such table.
    """
    _check(name)
    stops = (_SEQUENTIAL | _DIVERGING)[name].split()
    colours = np.array([tuple(bytes.fromhex(stop)) for stop in stops], np.float64)
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, np.arange(len(stops)), colours[:, i]) for i in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def _check(name: str) -> None:
    if name not in NAMES:
        known = ", ".join(repr(known) for known in NAMES)
        raise ValueError(f"A colour table is one of {known}. Received: colormap={name!r}")
