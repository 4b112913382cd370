# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Labels in the forms that people have them, as classes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.trees import as_numpy, leaves

Labels = npt.NDArray[Any]


def class_indices(labels: Any, count: int) -> tuple[Labels | None, tuple[str, ...]]:
    """Returns the class of each sample, or of each pixel, and sentences about them.

    Args:
        labels: Integers or one-hot, also of several outputs, of which one has classes; or `None`.
        count: Number of samples.

    Returns:
        `int64` of shape `(samples,)` or `(samples, rows, cols)`, or `None` where there is no
        single right class; and notes.

    Raises:
        ValueError: If labels are of another number or no numbers.
    """
    if labels is None:
        return None, ()
    if _is_of_several_outputs(labels, count):
        only = _only_classes(leaves(as_numpy(labels)))
        if only is None:
            return None, ("Of labels of several outputs none, or more than one, are classes.",)
        return class_indices(only, count)
    found = np.asarray(as_numpy(labels))
    if not found.ndim or len(found) != count:
        raise ValueError(
            f"`labels` needs one entry per sample. Received: labels of shape {found.shape} for "
            f"{count} samples"
        )
    if found.ndim in (2, 4) and found.shape[-1] == 1:
        found = found[..., 0]
    if found.ndim in (2, 4):
        if not _is_one_hot(found):
            return None, ("Labels with several classes per sample are not explained as one.",)
        found = found.argmax(axis=-1)
    if found.dtype.kind == "f" and not (np.isfinite(found) & (found == np.round(found))).all():
        return None, ("Labels that are not classes are not explained; the output is.",)
    if found.dtype.kind not in "iufb":
        raise ValueError(
            "Labels are integers, or one-hot; pass names as `class_names`. "
            f"Received: labels of type {found.dtype}"
        )
    return found.astype(np.int64), ()


def _is_of_several_outputs(labels: Any, count: int) -> bool:
    """Whether labels are a list or dict of arrays, rather than a list of rows, one per sample."""
    if isinstance(labels, (list, tuple)):
        axes = [len(getattr(each, "shape", ())) for each in labels]
        return min(axes, default=0) > 0 and not (len(axes) == count and max(axes) == 1)
    return isinstance(labels, dict)


def _only_classes(several: list[Labels]) -> Labels | None:
    """Returns the labels of classes among those of several outputs, if they are of one output."""
    classes = [each for each in several if each.dtype.kind in "iu" or _is_one_hot(each)]
    return classes[0] if len(classes) == 1 else None


def _is_one_hot(labels: Labels) -> bool:
    several = labels.ndim > 1 and labels.shape[-1] > 1
    return several and bool((np.isin(labels, (0, 1)).all(-1) & (labels.sum(-1) == 1)).all())
