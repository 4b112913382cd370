"""Everything of a model and of the process that explaining must leave as it was."""

import random
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tb_explain.probe.structure.walk import walk


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Values by name as bytes, and attributes of layers by path.

    Attributes:
        values: Weights, statistics, seeds, state of the optimizer, and global random streams.
        attributes: What stands in the `__dict__` of each layer; the entries of lists too.
    """

    values: dict[str, Any]
    attributes: dict[tuple[str, str], tuple[Any, ...]]


def snapshot(model: Any) -> Snapshot:
    """Returns how a model, and all random streams, are now."""
    variables = [*model.variables, *(model.optimizer.variables if model.optimizer else ())]
    values = {
        f"{index} {variable.path}": np.array(keras.ops.convert_to_numpy(variable.value)).tobytes()
        for index, variable in enumerate(variables)
    }
    return Snapshot(values | streams(), attributes_of(model))


def streams() -> dict[str, Any]:
    """Returns the state of the random streams that all models share."""
    # Made on first use, with a seed drawn from the stream of Python.
    shared = keras.src.random.seed_generator.global_seed_generator()
    found: dict[str, Any] = {
        "python": random.getstate(),
        "numpy": np.random.get_state()[1].tobytes(),  # noqa: NPY002 - the user's stream
        "keras": keras.ops.convert_to_numpy(shared.state.value).tobytes(),
    }
    if keras.backend.backend() == "torch":
        import torch

        found["torch"] = torch.random.get_rng_state().numpy().tobytes()
    return found


def attributes_of(model: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Returns the attributes of every layer by path, and the entries of those that are lists."""
    return {
        (path, name): (value, *value) if isinstance(value, list) else (value,)
        for path, layer in {"": model, **walk(model)}.items()
        for name, value in layer.__dict__.items()
    }


def changed(before: Snapshot, after: Snapshot) -> set[Any]:
    """Returns the names of what is not as it was."""
    values = {name for name, value in after.values.items() if before.values.get(name) != value}
    values |= before.values.keys() ^ after.values.keys()
    attributes = before.attributes.keys() ^ after.attributes.keys()
    for where in before.attributes.keys() & after.attributes.keys():
        old, new = before.attributes[where], after.attributes[where]
        same = len(old) == len(new) and all(a is b or a == b for a, b in zip(old, new, strict=True))
        attributes |= set() if same else {where}
    return values | attributes
