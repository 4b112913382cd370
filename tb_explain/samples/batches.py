# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""The first samples of a data set."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tb_explain.trees import as_numpy, concatenated, leaves, selected


def first_samples(data: Any, most: int) -> tuple[Any, Any]:
    """Returns the first samples of a data set and their labels, or `None` without labels.

    Args:
        data: Batches `x`, `(x, y)` or `(x, y, weights)`; no more are read than are needed.
        most: Largest number of samples.

    Raises:
        ValueError: If there is no batch, or batches are of different shapes or none.
    """
    batches: list[Any] = []
    labels: list[Any] = []
    taken = 0
    for x, y in _batches(data):
        batches.append(_batched(x))
        if y is not None:
            labels.append(_batched(y))
        taken += len(leaves(batches[-1])[0])
        if taken >= most:
            break
    if not batches:
        raise ValueError("There is no sample to explain: the data set gave no batch.")
    first = np.arange(min(taken, most))
    found = selected(_joined(labels), first) if labels else None
    return selected(_joined(batches), first), found


def _batches(data: Any) -> Iterator[tuple[Any, Any]]:
    import keras

    if isinstance(data, keras.utils.PyDataset):
        batches: Iterable[Any] = (data[index] for index in range(data.num_batches or 0))
    else:
        batches = data
    for batch in batches:
        x, y, _ = keras.utils.unpack_x_y_sample_weight(
            tuple(batch) if isinstance(batch, list) else batch
        )
        yield x, y


def _batched(entry: Any) -> Any:
    found = as_numpy(entry)
    if any(leaf.ndim == 0 for leaf in leaves(found)):
        raise ValueError(
            "A data set gives batches, such as dataset.batch(16), whose arrays have an axis of "
            f"samples. Received: {entry!r}"
        )
    return found


def _joined(batches: list[Any]) -> Any:
    try:
        return concatenated(batches)
    except ValueError as error:
        shapes = [leaf.shape for batch in batches for leaf in leaves(batch)]
        raise ValueError(
            "All batches have samples of one shape; pass an array, or batches made alike. "
            f"Received: {', '.join(map(str, dict.fromkeys(shapes)))}"
        ) from error
