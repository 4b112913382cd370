# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Calls a model as at inference, without a trace left behind."""

import random
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from tb_explain.probe.structure.walk import Layer

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def checked_model(model: Any) -> Layer:
    """Returns the model.

    Raises:
        TypeError: If it is none of Keras.
    """
    if not isinstance(model, keras.layers.Layer):
        raise TypeError(
            f"What is explained is a Keras model. Received: model of type {type(model).__name__}"
        )
    return model


def call_model(model: Layer, samples: Any) -> Any:
    """Returns what the model returns at inference.

    A model whose `call` takes no `training` is called without, as `fit` does.
    """
    if getattr(model, "_call_has_training_arg", True):
        return model(samples, training=False)
    return model(samples)


def build(model: Layer, samples: Any) -> None:
    """Creates the weights of a model that has none yet, by calling it once.

    Raises:
        ValueError: If the model cannot take the samples.
    """
    if model.built:
        return
    try:
        call_model(model, keras.tree.map_structure(keras.ops.convert_to_tensor, samples))
    except (ValueError, TypeError) as error:
        raise cannot_take(model, _shapes(samples), error) from error


def _shapes(samples: Any) -> str:
    return ", ".join(str(tuple(np.shape(leaf))) for leaf in keras.tree.flatten(samples))


def cannot_take(model: Layer, shapes: str, error: Exception) -> ValueError:
    """Returns the error of a model that refused the samples."""
    reason = _sentence(str(error)) or type(error).__name__
    return ValueError(
        f"Model {model.name!r} cannot take the samples ({reason}); pass them as to "
        f"model.predict. Received: samples of shape {shapes}"
    )


def _sentence(message: str) -> str:
    """Returns what a message says, without what Keras says around it and its colours."""
    lines = [line.strip() for line in _COLOUR.sub("", message).splitlines()]
    said = [line for line in lines if line and not line.startswith("Exception encountered when")]
    return said[0].rstrip(".") if said else ""


@contextmanager
def random_state_kept() -> Generator[None]:
    """Restores the global streams of Python and NumPy, from which Keras draws its seeds."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - the user's stream
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
