# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""The monitored samples: captured once, as the model takes them and as people look at them."""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from tb_explain.samples.batches import first_samples
from tb_explain.samples.labels import Labels, class_indices
from tb_explain.samples.objects import BoundingBoxes, object_masks
from tb_explain.samples.pictures import channels_last, displayed_pictures
from tb_explain.trees import as_numpy, leaves, mapped, selected

_LISTED = 12

Display = npt.ArrayLike | Callable[[Any], npt.ArrayLike]


@dataclass(frozen=True, eq=False)
class Samples:
    """What a run monitors.

    Attributes:
        inputs: Array, list or dict of arrays as the model takes them, samples first.
        labels: Class of each sample, shape `(samples,)`, or of each pixel, `(samples, rows,
            cols)`, as integers; `None` where there is no single right class.
        pictures: `uint8` array of shape `(samples, rows, cols, 1 or 3)`, or `None` if pictures
            are not stored.
        masks: The object in each picture, `bool` of shape `(samples, rows, cols)`, or `None`.
        names: Name of each sample.
        class_names: Name of each class, or `None`.
        notes: Sentences about what was decided here, for the record.
    """

    inputs: Any
    labels: Labels | None
    pictures: npt.NDArray[np.uint8] | None
    masks: npt.NDArray[np.bool_] | None
    names: tuple[str, ...]
    class_names: tuple[str, ...] | None
    notes: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.names)

    @property
    def default_target(self) -> str:
        """`"label"` where each sample has a right class, else `"predicted"`."""
        return "predicted" if self.labels is None else "label"


def capture(
    samples: Any,
    labels: Any = None,
    *,
    class_names: Sequence[str] | None = None,
    masks: npt.ArrayLike | BoundingBoxes | None = None,
    sample_names: Sequence[str] | None = None,
    display: Display | None = None,
    pictures: bool = True,
    max_samples: int = 16,
) -> Samples:
    """Captures the monitored samples.

    Args:
        samples: What the model takes: an array `(samples, rows, cols, channels)`, a list or dict
            of arrays for several inputs, or batches of them: a `tf.data.Dataset`, a
            `keras.utils.PyDataset`, a PyTorch `DataLoader`, any iterable of `(x, y)`.
        labels: Classes as integers or one-hot, or classes of pixels; those inside a data set
            are used without being named here.
        class_names: Name of each class, in the order of the outputs.
        masks: The object in each sample, `(samples, rows, cols)`, zero outside, or
            `BoundingBoxes` around it.
        sample_names: Name of each sample; default `"sample 0"` and so on.
        display: Pictures to show where the input is normalised: an array `(samples, rows, cols,
            channels)`, or a function from the inputs to such an array.
        pictures: Whether pictures are stored at all; `False` for patients and drivers.
        max_samples: Samples taken from a data set; arrays count as given.

    Raises:
        ValueError: If samples are empty, or entries do not agree in number or size.
        TypeError: If samples are neither arrays nor batches of arrays, or a setting is of
            another type.
    """
    _check_settings(pictures, max_samples)
    inputs, found = _inputs_and_labels(samples, labels, max_samples)
    count = _count(inputs)
    _check_one_array(samples, labels, count)
    indices, label_notes = class_indices(found, count)
    shown, picture_notes = displayed_pictures(inputs, display) if pictures else (None, ())
    _require_length("display", None if shown is None else len(shown), count)
    names = _names("sample_names", sample_names)
    _require_length("sample_names", None if names is None else len(names), count)
    if indices is not None and indices.ndim == 1 and count > 1 and len(np.unique(indices)) == 1:
        warnings.warn(
            f"All {count} samples are of class {int(indices[0])}, so the pictures show only that "
            "class. tbx.balanced(x, y, per_class=2) picks some of each.",
            UserWarning,
            stacklevel=3,
        )
    return Samples(
        inputs=inputs,
        labels=indices,
        pictures=shown,
        masks=object_masks(masks, count, _size(inputs, shown)),
        names=names or tuple(f"sample {index}" for index in range(count)),
        class_names=_names("class_names", class_names),
        notes=(*_value_notes(inputs), *label_notes, *picture_notes),
    )


def balanced(x: Any, y: npt.ArrayLike, *, per_class: int = 2) -> tuple[Any, npt.NDArray[Any]]:
    """Returns the first samples of each class, class by class.

    Args:
        x: Array, list or dict of arrays, samples first.
        y: Classes as integers or one-hot, shape `(samples,)` or `(samples, classes)`.
        per_class: Samples of each class.

    Returns:
        The chosen samples and their labels, as given.

    Raises:
        ValueError: If `y` has another number of entries than `x`.
    """
    labels = np.asarray(y)
    inputs = as_numpy(x)
    classes, _ = class_indices(labels, _count(inputs))
    if classes is None or classes.ndim != 1:
        raise ValueError(
            "balanced needs one class per sample, as integers or one-hot. "
            f"Received: y of shape {labels.shape}"
        )
    chosen = np.concatenate(
        [np.flatnonzero(classes == each)[:per_class] for each in np.unique(classes)]
    )
    return selected(inputs, chosen), labels[chosen]


def _inputs_and_labels(samples: Any, labels: Any, max_samples: int) -> tuple[Any, Any]:
    if isinstance(samples, (list, tuple, dict)) or hasattr(samples, "shape"):
        # What was borrowed would change with the user's array.
        return mapped(np.array, as_numpy(samples)), labels
    are_batches = isinstance(samples, Iterable) or hasattr(samples, "__getitem__")
    if isinstance(samples, (str, bytes)) or not are_batches:
        raise TypeError(
            "Samples are an array, a list or dict of arrays, or batches of (x, y) such as a "
            f"tf.data.Dataset or a DataLoader. Received: {type(samples).__name__}"
        )
    if labels is not None:
        raise ValueError(
            "The labels of a data set are taken from its batches; leave `labels` out, or pass "
            f"arrays. Received: samples={type(samples).__name__} and labels"
        )
    return first_samples(samples, max_samples)


def _count(inputs: Any) -> int:
    counts = {len(leaf) if leaf.ndim else 0 for leaf in leaves(inputs)}
    if len(counts) > 1:
        raise ValueError(
            "All inputs of a model hold the same number of samples. "
            f"Received: {', '.join(str(leaf.shape) for leaf in leaves(inputs))}"
        )
    if not any(counts):
        shapes = [str(leaf.shape) for leaf in leaves(inputs)[:1]]
        raise ValueError(
            "There is no sample to explain; pass an array of at least one, with the axis of "
            f"samples first. Received: {shapes[0] if shapes else 'nothing'}"
        )
    return counts.pop()


def _check_settings(pictures: object, max_samples: object) -> None:
    if not isinstance(pictures, bool):
        raise TypeError(f"`pictures` is True or False. Received: pictures={pictures!r}")
    if not isinstance(max_samples, int) or isinstance(max_samples, bool) or max_samples < 1:
        raise ValueError(
            f"`max_samples` is a whole number of at least 1. Received: max_samples={max_samples!r}"
        )


def _check_one_array(samples: Any, labels: Any, count: int) -> None:
    if not isinstance(samples, (list, tuple)) or labels is None or not hasattr(labels, "__len__"):
        return
    given = len(cast(Sequence[Any], samples))
    if given == len(labels) != count:
        raise ValueError(
            "A list of samples holds one array for each input of the model; np.stack(samples) "
            f"makes one array of pictures. Received: a list of {given} for {given} labels"
        )


def _names(setting: str, names: Iterable[Any] | None) -> tuple[str, ...] | None:
    """Returns names as text that every reader can decode."""
    if names is None:
        return None
    if isinstance(names, (str, bytes, Mapping)):
        raise TypeError(f"`{setting}` is a list of names, in order. Received: {setting}={names!r}")
    return tuple(str(name).encode("utf-8", "replace").decode() for name in names)


def _value_notes(inputs: Any) -> tuple[str, ...]:
    numbers = [leaf for leaf in leaves(inputs) if leaf.dtype.kind == "f"]
    finite = [np.isfinite(leaf).all(axis=tuple(range(1, leaf.ndim))) for leaf in numbers]
    wrong = np.flatnonzero(~np.logical_and.reduce(finite)) if finite else np.empty(0)
    if not wrong.size:
        return ()
    listed = ", ".join(map(str, wrong[:_LISTED]))
    more = f" and {wrong.size - _LISTED} more" if wrong.size > _LISTED else ""
    return (f"Values that are not finite are in sample {listed}{more}.",)


def _size(inputs: Any, shown: npt.NDArray[Any] | None) -> tuple[int, ...]:
    """Returns rows and columns of the pictures, or of what would be shown."""
    if shown is None:
        shown = next((channels_last(leaf) for leaf in leaves(inputs) if leaf.ndim == 4), None)
    return () if shown is None else tuple(int(size) for size in shown.shape[1:3])


def _require_length(name: str, length: int | None, count: int) -> None:
    if length is not None and length != count:
        raise ValueError(
            f"`{name}` needs one entry per sample. Received: {length} for {count} samples"
        )
