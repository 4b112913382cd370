# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Whether a model was trained before, told by its weights."""

from typing import Any, Final

import keras
import numpy as np

from tb_explain.probe.structure.walk import walk

_FIRST_VALUES: Final = 2
_SET_BY_HAND: Final = 1


def looks_trained(model: Any) -> bool:
    """Returns whether a model has been trained, or was loaded with weights.

    Biases, scales and moving statistics start as vectors of zeros and ones, whatever fills the
    kernels, and training leaves none of them so. One vector of other values may have been set by
    hand, such as the bias of the head to the shares of the classes. A model without vectors
    counts as untrained.
    """
    from_data = {
        id(weight)
        for layer in walk(model).values()
        if isinstance(layer, keras.layers.Normalization)
        for weight in layer.weights
    }
    vectors = [
        weight
        for weight in model.weights
        if len(weight.shape) == 1 and "float" in str(weight.dtype)
    ]
    moved = 0
    for vector in vectors:
        moved += id(vector) not in from_data and _has_moved(vector)
        if moved > _SET_BY_HAND:
            return True
    return False


def _has_moved(vector: Any) -> bool:
    values = np.asarray(keras.ops.convert_to_numpy(vector), np.float32)
    return len(np.unique(values)) > _FIRST_VALUES
