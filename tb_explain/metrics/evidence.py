"""Evidence in maps: values above zero, and the cells that hold most of it."""

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Floats
from tb_explain.metrics.maps import Maps


def evidence(maps: Maps) -> npt.NDArray[np.float64]:
    """Returns the values above zero, `(maps, rows * cols)`."""
    return np.maximum(maps.cells, 0).astype(np.float64)


def top_cells(values: npt.NDArray[np.float64], counts: npt.NDArray[np.float64]) -> Floats:
    """Returns which cells are the strongest of each map, `(maps, rows * cols)`, 0 to 1.

    Cells that share the last places count in part. A cell without evidence is never among them.

    Args:
        values: Evidence, `(maps, cells)`.
        counts: How many cells of each map, `(maps,)`, parts of a cell included.
    """
    cells = values.shape[1]
    last = np.clip(cells - np.ceil(counts), 0, cells - 1).astype(np.int64)
    limit = np.take_along_axis(np.sort(values, axis=1), last[:, None], axis=1)
    above, at = values > limit, (values == limit) & (values > 0)
    left = np.maximum(counts - above.sum(axis=1), 0) / np.maximum(at.sum(axis=1), 1)
    return (above + at * np.minimum(left, 1)[:, None]).astype(np.float32)


def objects_with_evidence(
    values: npt.NDArray[np.float64], covered: Floats
) -> npt.NDArray[np.bool_]:
    """Returns which maps have both evidence and an object."""
    return np.asarray((values > 0).any(axis=1) & (covered > 0).any(axis=1))
