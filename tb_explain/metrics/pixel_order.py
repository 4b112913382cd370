"""Samples that lose or gain their strongest pixels, step by step."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.explainers.baselines import HasBaseline, as_baseline
from tb_explain.explanation import Floats
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.probe.needs import Tensor

_INDEX_BITS = np.uint64(32)
_INDEX_MASK = np.uint64(0xFFFFFFFF)


def strongest_first(pixels: Floats) -> npt.NDArray[np.int64]:
    """Returns the places of the pixels, those of the largest value first, `(maps, pixels)`.

    Equal pixels come from the top left to the bottom right. A value and its place are packed
    into one number: numbers are sorted several times faster than places by a stable sort.

    Args:
        pixels: Finite values, `(maps, pixels)`.
    """
    bits = (pixels + np.float32(0)).view(np.uint32)  # The sum has one zero, which has no sign.
    descending = np.where(bits >> 31, bits, np.uint32(0x7FFFFFFF) - bits).astype(np.uint64)
    keys = (descending << _INDEX_BITS) | np.arange(pixels.shape[1], dtype=np.uint64)
    return (np.sort(keys, axis=1) & _INDEX_MASK).astype(np.int64)


def turns(pixels: Floats, points: int) -> npt.NDArray[np.int32]:
    """Returns at which point the turn of each pixel comes, 1 to `points`, of the same shape.

    At point `k` it is that of the `k * pixels // points` strongest.

    Args:
        pixels: Finite values, `(maps, rows, cols)`.
        points: Points on the way.
    """
    cells = pixels.reshape(len(pixels), -1)
    count = cells.shape[1]
    reached = np.arange(1, points + 1) * count // points
    turn_of_rank = 1 + np.searchsorted(reached, np.arange(count), side="right")
    found = np.empty(cells.shape, np.int32)
    np.put_along_axis(found, strongest_first(cells), turn_of_rank[None].astype(np.int32), axis=1)
    return found.reshape(pixels.shape)


def area_under_changes(
    model: ExplainedModel,
    settings: HasBaseline,
    *,
    inserts: bool,
    points: int,
    score: bool,
    ops: Any,
) -> npt.NDArray[np.float64]:
    """Returns the area under the curve of the target while pixels change, `(samples,)`.

    The curve is that over the share of changed pixels, by the trapezoid rule. Maps without an
    order, all of whose pixels are equal, have no curve.

    Args:
        model: The maps, and the model to ask.
        settings: Say what pixels show that are taken away.
        inserts: Whether pixels come, the strongest first, in place of being taken away.
        points: Points on the way, after the first.
        score: Whether the score is taken also where there is a probability.
        ops: `keras.ops`, or an object with the same functions.

    Raises:
        ValueError: If the baseline does not fit the samples.
    """
    probability = model.has_probability and not score
    baseline = as_baseline(settings.baseline, received=repr(settings))
    ends = model.known.of(model.queries, baseline, probability=probability, ops=ops)
    curve = ends.answers[:, model.place]
    pictures = [model.samples, ends.baselines]
    if inserts:
        curve, pictures = curve[::-1], pictures[::-1]
    if points > 1:
        variants = _changing(model.pixels, *pictures, points=points, ops=ops)
        between = (model.probabilities if probability else model.scores)(variants, ops)
        curve = np.concatenate([curve[:1], between, curve[1:]])
    area = (curve.sum(axis=0) - (curve[0] + curve[-1]) / 2) / points
    ordered = np.ptp(model.pixels, axis=(1, 2)) > 0
    return np.where(ordered & np.isfinite(area), area, np.nan)


def _changing(
    pixels: Floats, start: Tensor, end: Tensor, *, points: int, ops: Any
) -> Iterator[Tensor]:
    """Yields what stands between two pictures, the strongest pixels of `end` first."""
    turn = ops.convert_to_tensor(turns(pixels, points)[..., None])
    for point in range(1, points):
        yield ops.where(turn <= point, end, start)
