"""Occlusion."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

Sizes = int | tuple[int, int] | None

_SHARE = 8  # Of each side, for a window that none is given for.


@final
@dataclass(frozen=True)
class Occlusion(InputQueryExplainer):
    """How far the score falls where a window of the sample is covered by the baseline.

    With the score `S` and the sample `x_w` whose window `w` holds the baseline, a pixel has the
    mean of `S(x) - S(x_w)` over the windows that cover it. The map is signed: below zero, the
    pixel spoke against the target. Windows stand `stride` pixels apart, and the last ones at the
    right and lower edge, so that every pixel is covered.

    Args:
        window: Pixels of a side of the window, or rows and columns; an input of one row has
            windows of one row. `None` takes an eighth of each side of the picture.
        stride: Pixels from one window to the next, or rows and columns; at most the window, so
            that no pixel is left out. `None` takes half of the window. Each window costs a
            forward pass: 225 by default, of a picture whose sides are multiples of 16.
        baseline: A number, `Blurred()`, or a picture, in the unit of the model's input.

    References:
        Zeiler and Fergus, 2014, https://arxiv.org/abs/1311.2901
    """

    title: ClassVar[str] = "Occlusion"
    paper: ClassVar[str] = "https://arxiv.org/abs/1311.2901"
    signed: ClassVar[bool] = True

    window: Sizes = None
    stride: Sizes = None
    baseline: AnyBaseline = 0.0

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def check(self, layers: LayerTable) -> None:
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        grid = layers.input_grid or (1, 1)
        window = self._window(grid[0], grid[1])
        stride = self._stride(window)
        if any(size > side for size, side in zip(window, grid, strict=False)):
            raise ValueError(
                f"A window is no larger than the picture of {grid[0]} rows and {grid[1]} columns. "
                f"Received: {self!r}"
            )
        if any(step > size for step, size in zip(stride, window, strict=True)):
            raise ValueError(
                "A stride is no larger than the window, here of "
                f"{window[0]} rows and {window[1]} columns, or pixels stay uncovered. "
                f"Received: {self!r}"
            )

    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        rows, cols = int(samples.shape[1]), int(samples.shape[2])
        window = self._window(rows, cols)
        stride = self._stride(window)
        tops = positions(rows, window=window[0], stride=stride[0])
        lefts = positions(cols, window=window[1], stride=stride[1])
        covered = self._covered(samples, product(tops, lefts), window=window, ops=ops)
        unchanged, *changed = queries.scores(chain([samples], covered))
        drops = ops.convert_to_numpy(unchanged[..., None] - ops.stack(changed, axis=-1))
        drops = drops.reshape(*drops.shape[:2], len(tops), len(lefts))
        down = mean_of_windows(rows, tops, window=window[0])
        across = mean_of_windows(cols, lefts, window=window[1])
        # On the host, because a product of matrices on a GPU keeps only ten bits.
        maps = (down @ drops @ across.T)[..., None]
        return {"map": ops.convert_to_tensor(maps.astype(np.float32))}

    def _covered(
        self,
        samples: Tensor,
        corners: Iterator[tuple[int, int]],
        *,
        window: tuple[int, int],
        ops: Any,
    ) -> Iterator[Tensor]:
        baseline = baseline_of(self, samples, ops)
        shape = (int(samples.shape[0]), *window, int(samples.shape[3]))
        for top, left in corners:
            start = (0, top, left, 0)
            yield ops.slice_update(samples, start, ops.slice(baseline, start, shape))

    def _window(self, rows: int, cols: int) -> tuple[int, int]:
        if self.window is None:
            return max(1, rows // _SHARE), max(1, cols // _SHARE)
        return self._sizes("window", self.window, flat=rows == 1)

    def _stride(self, window: tuple[int, int]) -> tuple[int, int]:
        if self.stride is None:
            return max(1, window[0] // 2), max(1, window[1] // 2)
        return self._sizes("stride", self.stride, flat=window[0] == 1)

    def _sizes(self, name: str, sizes: object, *, flat: bool) -> tuple[int, int]:
        """Returns rows and columns of a setting; one number means one row where all is flat."""
        match sizes:
            case bool():
                pass
            case int(size) if size > 0:
                return (1 if flat else size), size
            case (int(rows), int(cols)) if min(rows, cols) > 0:
                return rows, cols
            case _:
                pass
        raise ValueError(
            f"A {name} is a number of pixels of at least 1, or a pair of rows and columns. "
            f"Received: {self!r}"
        )


def positions(side: int, *, window: int, stride: int) -> list[int]:
    """Returns where windows start on a side, the last one flush with its end."""
    found = list(range(0, side - window + 1, stride))
    return found if found[-1] == side - window else [*found, side - window]


def mean_of_windows(side: int, starts: list[int], *, window: int) -> npt.NDArray[np.float64]:
    """Returns the matrix `(side, windows)` that takes the mean over the windows at each place."""
    places = np.arange(side)[:, None] - np.array(starts)[None, :]
    covers = (places >= 0) & (places < window)
    return covers / covers.sum(axis=1, keepdims=True)
