"""One model of the zoo, with samples that fit it and what has to be found in it."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers

CLASSES = 3
SIDE = 12


@dataclass(frozen=True, eq=False)
class Case:
    """A model and what is known of it.

    Attributes:
        model: The model, with weights unless it is to be built by explaining.
        samples: What it takes.
        grid: Rows and columns of the layer that class activation maps explain by rule, or `None`
            if they have to refuse.
        sides: Rows and columns of the explained input, or `None` if its maps have to be refused.
        targets: What to explain.
        labels: Right class of each sample or place.
        refusal: What a refusal has to say.
        loss: What the model is compiled with.
    """

    model: Any
    samples: Any
    grid: tuple[int, int] | None
    sides: tuple[int, int] | None = (SIDE, SIDE)
    targets: Any = "predicted"
    labels: Any = None
    refusal: str = ""
    loss: Any = "sparse_categorical_crossentropy"


def pictures(*shape: int, seed: int = 3) -> np.ndarray:
    """Returns samples between 0 and 1."""
    return np.random.default_rng(seed).random(shape or (3, SIDE, SIDE, 3), dtype=np.float32)


def image(*shape: int) -> Any:
    """Returns an input of a functional model."""
    return keras.Input(shape or (SIDE, SIDE, 3))


def chained(tensor: Any, *parts: Any) -> Any:
    """Returns what layers make of a tensor, one after another."""
    for part in parts:
        tensor = part(tensor)
    return tensor


def conv(filters: int, **settings: Any) -> Any:
    """Returns a convolution with a ReLU whose bias keeps part of it alive."""
    settings = {"padding": "same", "activation": "relu", "bias_initializer": "ones"} | settings
    return layers.Conv2D(filters, 3, **settings)


def features() -> list[Any]:
    """Returns two convolutions with a pooling between: 12 x 12 pixels to 6 x 6 places."""
    return [conv(5, name="first"), layers.MaxPooling2D(name="pool"), conv(6, name="last")]


def head(units: int = CLASSES, activation: str | None = "softmax") -> list[Any]:
    """Returns a pooled head."""
    pool = layers.GlobalAveragePooling2D(name="mean")
    return [pool, layers.Dense(units, activation=activation, name="head")]


def base(name: str = "base", *, size: tuple[int, int, int] = (SIDE, SIDE, 3)) -> Any:
    """Returns the convolutions as a model of their own."""
    inside = keras.Input(size)
    return keras.Model(inside, chained(inside, *features()), name=name)
